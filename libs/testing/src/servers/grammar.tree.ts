/** A node of PostgreSQL's grammar, or of PL/pgSQL's: its fields. */
export type Node = Readonly<Record<string, unknown>>;

/** A field that is a text. */
export function textOf(node: Node | undefined, field: string): string | undefined {
  const value = node?.[field];
  return typeof value === 'string' ? value : undefined;
}

/** A field that is a node. */
export function nodeOf(node: Node | undefined, field: string): Node | undefined {
  return node?.[field] as Node | undefined;
}

/** A field that is a list of nodes; empty where it is left out. */
export function listOf(node: Node | undefined, field: string): readonly Node[] {
  return (node?.[field] ?? []) as readonly Node[];
}

/** What is of a kind anywhere in a tree. */
export function kindsIn(tree: unknown, kind: string): Node[] {
  if (Array.isArray(tree)) return tree.flatMap((each) => kindsIn(each, kind));
  if (!tree || typeof tree !== 'object') return [];
  return Object.entries(tree).flatMap(([name, value]) => [
    ...(name === kind ? [value as Node] : []),
    ...kindsIn(value, kind),
  ]);
}
