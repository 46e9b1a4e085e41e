/** What may hold a semicolon that ends no statement: texts, names, bodies between dollars, comments. */
const ENDS = /'(?:[^']|'')*'|"[^"]*"|(\$(?:[a-z_]\w*)?\$).*?\1|--[^\n]*|\/\*.*?\*\/|;/gis;

/**
 * The statements of a migration, in order, without the semicolons behind them; comments stay with the statement that
 * they stand before. Neither nested comments nor texts with escapes (`E'…'`) are known, nor bodies without quotes
 * (`begin atomic`).
 */
export function statementsOf(sql: string): string[] {
  const ends = [...sql.matchAll(ENDS)].filter(([text]) => text === ';').map(({ index }) => index);
  return [...ends, sql.length]
    .map((end, at) => sql.slice(at === 0 ? 0 : (ends[at - 1] as number) + 1, end).trim())
    .filter((text) => text !== '');
}
