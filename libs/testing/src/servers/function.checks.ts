import { type FunctionFile, functionFiles, type ServiceSchema } from '@apollo/tenancy/postgres';
import pg from 'pg';
import { catalogOf, unknownNames } from './function.names.js';
import type { TestDatabase } from './test.database.js';

const FUNCTIONS = `
  select p.oid::int as oid, p.proname as name, p.prosrc as body, pg_get_functiondef(p.oid) as definition, obj_description(p.oid) as comment, l.lanname as language,
    (select t.tgrelid::int from pg_trigger t where t.tgfoid = p.oid limit 1) as table
  from pg_proc p join pg_language l on l.oid = p.prolang where p.pronamespace = $1::regnamespace`;

/** What the catalog says of a function; the table is that of its trigger. */
interface Written {
  readonly oid: number;
  readonly name: string;
  readonly body: string;
  readonly definition: string;
  readonly comment: string | null;
  readonly language: string;
  readonly table: number | null;
}

/**
 * Creates every function of a service anew with a look into its body, which no migration does, and looks for what is
 * wrong with it: a variable that hides another or that nothing uses, a name of what is not there, no comment, no file.
 * A server that has `plpgsql_check` says what else.
 *
 * @param test a database of the service, with all its migrations
 * @returns how many functions there are, and what is wrong, a line each
 */
export async function checkFunctions(
  test: TestDatabase,
  schema: ServiceSchema,
): Promise<{ functions: number; problems: string[] }> {
  const files = await functionFiles(schema);
  const refused = await createAnew(test, schema.service, files);
  const written = (await test.admin(FUNCTIONS, [schema.service])) as unknown as Written[];
  const catalog = await catalogOf(test);
  const filed = files.map(({ name }) => name.slice(name.lastIndexOf('/') + 1));
  const problems = written.flatMap((each) => [
    ...(each.comment ? [] : [`${each.name} has no comment`]),
    ...(filed.includes(each.name) || filed.includes(each.name.replace(/^delete_/, ''))
      ? []
      : [`${each.name} has no file`]),
    ...unused(each).map((variable) => `${each.name} uses ${variable} nowhere`),
    ...(each.language === 'plpgsql' ? unknownNames(each.definition, catalog) : []).map(
      (name) => `${each.name} names what is not there: ${name}`,
    ),
  ]);
  return { functions: written.length, problems: [...refused, ...problems, ...(await bySharperEyes(test, written))] };
}

async function createAnew(test: TestDatabase, service: string, files: readonly FunctionFile[]): Promise<string[]> {
  const options = `-c role=${service}_owner -c check_function_bodies=on -c plpgsql.extra_errors=all`;
  const owner = new pg.Client({ connectionString: test.migrateUrl, options });
  await owner.connect();
  const refused: string[] = [];
  for (const { name, text } of files)
    await owner.query(text).catch((error: unknown) => refused.push(`${name}.sql: ${String(error)}`));
  await owner.end();
  return refused;
}

/** Variables that are declared and nowhere used, of all that stands between `declare` and `begin`. */
function unused({ body, language }: Written): string[] {
  if (language !== 'plpgsql') return [];
  const text = body.replaceAll(/--[^\n]*|'(?:[^']|'')*'/g, '');
  const declared = [...text.matchAll(/\bdeclare\b(.*?)\bbegin\b/gs)].flatMap(([, declarations = '']) =>
    [...declarations.matchAll(/(?:^|;)\s*(\w+)\s+[\w.]+/g)].map(([, name]) => name as string),
  );
  return declared.filter((name) => (text.match(new RegExp(`\\b${name}\\b`, 'g')) ?? []).length < 2);
}

/** @returns what `plpgsql_check` says, where the server has it */
async function bySharperEyes(test: TestDatabase, written: readonly Written[]): Promise<string[]> {
  const [there] = await test.admin("select from pg_available_extensions where name = 'plpgsql_check'");
  if (!there) return [];
  await test.admin('create extension if not exists plpgsql_check');
  const found: string[] = [];
  for (const { oid, name, table } of written.filter(({ language }) => language === 'plpgsql')) {
    const rows = await test.admin(
      'select l as line from plpgsql_check_function($1::int::regprocedure, $2::int::regclass) l',
      [oid, table ?? 0],
    );
    found.push(...rows.map(({ line }) => `${name}: ${String(line)}`));
  }
  return found;
}
