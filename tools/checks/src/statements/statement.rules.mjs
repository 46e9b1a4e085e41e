/**
 * What the tables of a statement are restricted to, by its parse tree: each by itself, with conditions that all have to
 * hold, to the key of its rows. What a text only seems to say (a comment, one side of an `or`) is not in the tree so.
 *
 * @typedef {Record<string, any>} Node a node of PostgreSQL's grammar: its kind, and its fields
 * @typedef {(table: string) => readonly string[] | undefined} KeysOf the columns that say whose the rows of a table are
 * @typedef {{ parameters: readonly string[], keysOf: KeysOf, found: string[] }} Look
 */

/**
 * Columns that rows are kept by, and the parameters that say whose.
 *
 * @type {Readonly<Record<string, string>>}
 */
const SAID_BY = { org_id: 'org', user_id: 'actor' };
/** Functions of PostgreSQL's own that are given a statement, or a table, as a text. */
const READS_TEXTS = /_to_xml(?:schema|_and_xmlschema)?$|^ts_stat$|^ts_rewrite$|^crosstab/;
const STATEMENTS = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];

/**
 * @param {{ stmts: { stmt: Node }[] }} tree of a statement over tables of organizations or people
 * @param {readonly string[]} parameters their names, by position
 * @param {KeysOf} keysOf
 * @returns {string[]} what is not restricted; nothing where every table is
 */
export function unrestricted(tree, parameters, keysOf) {
  /** @type {Look} */
  const look = { parameters, keysOf, found: [] };
  for (const { stmt } of tree.stmts) visit(stmt, new Set(), look);
  if (kindsIn(tree, 'RangeVar').length === 0)
    look.found.push('no table is named: what calls functions alone is a call');
  look.found.push(...readingTexts(tree));
  return look.found;
}

/**
 * @param {{ stmts: { stmt: Node }[] }} tree of a statement that calls functions
 * @returns {string[]} what it names beside functions of a schema; nothing where it calls those alone
 */
export function besideCalls(tree) {
  const called = kindsIn(tree, 'FuncCall').map(({ funcname }) => funcname);
  const tables = kindsIn(tree, 'RangeVar').map((relation) => `${nameOf(relation)} is named in a call`);
  const bare = called
    .filter(({ length }) => length < 2)
    .map(([{ String }]) => `${String.sval} is called without its schema`);
  return [...tables, ...bare, ...readingTexts(tree), ...(called.length === 0 ? ['nothing is called'] : [])];
}

/** @param {unknown} tree @returns {string[]} */
function readingTexts(tree) {
  const names = kindsIn(tree, 'FuncCall').map(({ funcname }) => funcname.at(-1).String.sval);
  return names.filter((name) => READS_TEXTS.test(name)).map((name) => `${name} reads what a text names`);
}

/** What is of a kind anywhere in a tree. @param {unknown} node @param {string} kind @returns {Node[]} */
function kindsIn(node, kind) {
  if (Array.isArray(node)) return node.flatMap((each) => kindsIn(each, kind));
  if (!node || typeof node !== 'object') return [];
  return Object.entries(node).flatMap(([name, value]) => [
    ...(name === kind || (kind === 'RangeVar' && name === 'relation') ? [value] : []),
    ...kindsIn(value, kind),
  ]);
}

/** @param {Node | undefined} node @returns {[string, Node]} */
function only(node) {
  return /** @type {[string, Node]} */ (Object.entries(node ?? {})[0] ?? ['', {}]);
}

/** @param {Node} node @param {ReadonlySet<string>} ctes @param {Look} look */
function visit(node, ctes, look) {
  const [kind, body] = only(node);
  const known = withQueries(body, ctes, look);
  if (kind === 'SelectStmt') select(body, known, look);
  else if (kind === 'InsertStmt') insert(body, known, look);
  else if (kind === 'UpdateStmt' || kind === 'DeleteStmt') change(body, known, look);
  else look.found.push(`${kind} is not looked at`);
}

/** Queries before a statement, and the names they are known by in it. */
function withQueries(
  /** @type {Node} */ { withClause },
  /** @type {ReadonlySet<string>} */ ctes,
  /** @type {Look} */ look,
) {
  const known = new Set(ctes);
  for (const { CommonTableExpr: cte } of withClause?.ctes ?? []) {
    if (withClause.recursive) known.add(cte.ctename);
    visit(cte.ctequery, known, look);
    known.add(cte.ctename);
  }
  return known;
}

/** @param {Node} body @param {ReadonlySet<string>} ctes @param {Look} look */
function select(body, ctes, look) {
  const { fromClause = [], whereClause, withClause: _, larg, rarg, op, ...rest } = body;
  if (op && op !== 'SETOP_NONE') {
    for (const side of [larg, rarg]) visit({ SelectStmt: side }, ctes, look);
    below(rest, ctes, look);
    return;
  }
  level(fromClause, whereClause, ctes, look);
  below(rest, ctes, look);
}

/** @param {Node} body @param {ReadonlySet<string>} ctes @param {Look} look */
function change(body, ctes, look) {
  const { relation, fromClause = [], usingClause = [], whereClause, withClause: _, ...rest } = body;
  level([{ RangeVar: relation }, ...fromClause, ...usingClause], whereClause, ctes, look);
  keepsWhose(relation, rest.targetList, look);
  below(rest, ctes, look);
}

/** @param {Node} body @param {ReadonlySet<string>} ctes @param {Look} look */
function insert(body, ctes, look) {
  const { relation, cols = [], selectStmt, onConflictClause, withClause: _, ...rest } = body;
  const source = selectStmt?.SelectStmt ?? {};
  const rows = source.valuesLists?.map((/** @type {Node} */ { List }) => List.items) ?? [
    (source.targetList ?? []).map((/** @type {Node} */ { ResTarget }) => ResTarget.val),
  ];
  const table = nameOf(relation);
  const keys = keysIn(table, look);
  const names = cols.map((/** @type {Node} */ { ResTarget }) => ResTarget.name);
  // What stands for several columns has the ones after it stand elsewhere.
  const isOwn = keys.every((key) =>
    rows.every(
      (/** @type {Node[]} */ values) =>
        !values.slice(0, names.indexOf(key)).some((value) => kindsIn(value, 'A_Star').length > 0) &&
        names.includes(key) &&
        isParameter(values[names.indexOf(key)], /** @type {string} */ (SAID_BY[key]), look),
    ),
  );
  if (!isOwn) look.found.push(`${table} is given rows of nobody said`);
  if (selectStmt) visit(selectStmt, ctes, look);
  const { infer, ...meeting } = onConflictClause ?? {};
  const met = (infer?.indexElems ?? []).map((/** @type {Node} */ { IndexElem }) => IndexElem.name);
  // Where nothing is done of what is met, nothing is told but that it is there: keys of tables begin with whose.
  const isSeen = onConflictClause && (infer || meeting.action !== 'ONCONFLICT_NOTHING');
  if (isSeen && !keys.every((key) => met.includes(key)))
    look.found.push(`${table} meets rows by another key than whose they are`);
  keepsWhose(relation, meeting.targetList, look);
  below([meeting, rest], ctes, look);
}

/** What is changed stays whose it is. @param {Node} relation @param {Node[] | undefined} targets @param {Look} look */
function keepsWhose(relation, targets, look) {
  const set = (targets ?? []).map(({ ResTarget }) => ResTarget.name);
  for (const key of Object.keys(SAID_BY).filter((each) => set.includes(each)))
    look.found.push(`${nameOf(relation)} has its ${key} changed`);
}

/** The columns that say whose the rows of a table are. @param {string} table @param {Look} look */
function keysIn(table, look) {
  const keys = look.keysOf(table) ?? [];
  if (keys.length === 0) look.found.push(`${table} is no table of organizations or people`);
  return keys;
}

/**
 * The tables that one statement names side by side, each with the conditions that hold for all that is taken of it.
 *
 * @param {Node[]} from @param {Node | undefined} where @param {ReadonlySet<string>} ctes @param {Look} look
 */
function level(from, where, ctes, look) {
  /** @type {{ alias: string, name: string, conditions: Node[] }[]} */
  const tables = [];
  const gather = (/** @type {Node} */ item, /** @type {Node[]} */ conditions) => {
    const [kind, body] = only(item);
    if (kind === 'RangeVar') {
      if (body.alias?.colnames) look.found.push(`${body.relname} has its columns named anew`);
      if (body.schemaname)
        tables.push({ alias: body.alias?.aliasname ?? body.relname, name: nameOf(body), conditions });
      else if (!ctes.has(body.relname)) look.found.push(`${body.relname} is named without its schema`);
    } else if (kind === 'JoinExpr') {
      const both = [...conditions, ...conjuncts(body.quals)];
      gather(body.larg, ['JOIN_INNER', 'JOIN_RIGHT'].includes(body.jointype) ? both : conditions);
      gather(body.rarg, ['JOIN_INNER', 'JOIN_LEFT'].includes(body.jointype) ? both : conditions);
      below(body.quals, ctes, look);
    } else if (kind === 'RangeSubselect') visit(body.subquery, ctes, look);
    else if (kind === 'RangeFunction') below(body, ctes, look);
    else look.found.push(`${kind} is not looked at`);
  };
  for (const item of from) gather(item, conjuncts(where));
  const isAlone = from.length === 1 && 'RangeVar' in /** @type {Node} */ (from[0]);
  for (const { alias, name, conditions } of tables) {
    const isSaid = (/** @type {string} */ key) =>
      conditions.some((condition) => isKey(condition, alias, key, isAlone, look));
    if (!keysIn(name, look).every(isSaid)) look.found.push(`${name} is not restricted to whose its rows are`);
  }
  below(where, ctes, look);
}

/** What a condition says that has to hold in any case. @param {Node | undefined} node @returns {Node[]} */
function conjuncts(node) {
  if (!node) return [];
  const [kind, body] = only(node);
  return kind === 'BoolExpr' && body.boolop === 'AND_EXPR' ? body.args.flatMap(conjuncts) : [node];
}

/**
 * Whether a condition is `key = :parameter` of a table.
 *
 * @param {Node} node @param {string} alias @param {string} key
 * @param {boolean} isAlone whether columns need no name before them
 * @param {Look} look
 */
function isKey(node, alias, key, isAlone, look) {
  const [kind, { name, lexpr, rexpr, ...rest }] = only(node);
  if (kind !== 'A_Expr' || rest.kind !== 'AEXPR_OP' || name?.length !== 1 || name[0].String?.sval !== '=') return false;
  return [
    [lexpr, rexpr],
    [rexpr, lexpr],
  ].some(
    ([one, other]) =>
      isColumn(one, alias, key, isAlone) && isParameter(other, /** @type {string} */ (SAID_BY[key]), look),
  );
}

/** @param {Node} node @param {string} alias @param {string} column @param {boolean} isAlone */
function isColumn(node, alias, column, isAlone) {
  const [kind, body] = only(node);
  const path = kind === 'ColumnRef' ? body.fields.map((/** @type {Node} */ field) => field.String?.sval) : [];
  return path.at(-1) === column && (path.length === 2 ? path[0] === alias : isAlone && path.length === 1);
}

/** @param {Node} node @param {string} parameter @param {Look} look */
function isParameter(node, parameter, look) {
  const [kind, body] = only(node);
  const [inner, given] = kind === 'TypeCast' ? only(body.arg) : [kind, body];
  return inner === 'ParamRef' && look.parameters[given.number - 1] === parameter;
}

/** Statements within expressions. @param {unknown} node @param {ReadonlySet<string>} ctes @param {Look} look */
function below(node, ctes, look) {
  if (Array.isArray(node)) return void node.forEach((each) => below(each, ctes, look));
  if (!node || typeof node !== 'object') return;
  for (const [kind, value] of Object.entries(node)) {
    if (STATEMENTS.includes(kind)) visit({ [kind]: value }, ctes, look);
    else below(value, ctes, look);
  }
}

/** @param {Node} relation */
function nameOf({ schemaname, relname }) {
  return [schemaname, relname].filter(Boolean).join('.');
}
