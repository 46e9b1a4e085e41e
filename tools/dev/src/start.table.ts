import type { Running } from './platform/running.file.js';

/** Of a login that an operator gave an access grant, and of an operator's. */
const CREATES = 'may create organizations';

/**
 * What a person reads when everything runs: where to look and who to sign in as, in 80 columns.
 *
 * @param file where scripts find the same
 */
export function startTable({ gateway, mail, operator, users }: Running, file: string): string {
  const logins = [
    { email: operator.email, password: operator.password, may: ['operator of the platform', CREATES] },
    ...users.map(({ email, password, orgs, mayCreateOrgs }) => ({
      email,
      password,
      may: [...orgs.map(({ slug, role }) => `${role} of ${slug}`), ...(mayCreateOrgs ? [CREATES] : [])],
    })),
  ];
  const addresses = [
    ['HTTP API', `${gateway}/v1`],
    ['API docs', `${gateway}/docs`],
    ['Mail inbox', mail],
    ['For scripts', file],
    ['Try it', 'npm run demo'],
    ['Stop it', 'Ctrl-C'],
  ].map(([what = '', where = '']) => `${what.padEnd(13)}${where}`);
  const rows = logins.flatMap(({ email, password, may }) => [
    undefined,
    // One organization a line: side by side they would not fit.
    ...may.map((each, place) => (place === 0 ? [email, password, each] : ['', '', each])),
  ]);
  return [
    '',
    'Apollo Space is ready.',
    '',
    boxed([['Login', 'Password', 'Was made as'], ...rows]),
    'What has changed since then, GET /v1/me tells.',
    '',
    ...addresses,
  ].join('\n');
}

function boxed(rows: readonly (readonly string[] | undefined)[]): string {
  const cells = rows.filter((row) => row !== undefined);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  const line = (left: string, middle: string, right: string) =>
    left + widths.map((width) => '\u2500'.repeat(width + 2)).join(middle) + right;
  const body = rows.map((row) =>
    row === undefined
      ? line('\u251c', '\u253c', '\u2524')
      : `\u2502${widths.map((width, column) => ` ${(row[column] ?? '').padEnd(width)} `).join('\u2502')}\u2502`,
  );
  return [line('\u250c', '\u252c', '\u2510'), ...body, line('\u2514', '\u2534', '\u2518')].join('\n');
}
