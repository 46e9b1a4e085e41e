const seconds = (/** @type {number} */ milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

/** @param {string} title @param {number} number @param {number} of */
export function header(title, number, of) {
  return `\n${'═'.repeat(72)}\n${number}/${of}  ${title}\n${'═'.repeat(72)}`;
}

/**
 * @param {readonly import('./step-outcome.mjs').Outcome[]} outcomes
 * @param {number} milliseconds over all steps
 * @returns {string} a table with one row per step
 */
export function summaryTable(outcomes, milliseconds) {
  const rows = [
    ['', 'passed', 'failed', 'skipped', 'time'],
    ...outcomes.map((outcome) => [
      `${outcome.ok ? '✓' : '✗'} ${outcome.title}${outcome.note ? ` (${outcome.note})` : ''}`,
      `${outcome.passed}`,
      `${outcome.failed}`,
      `${outcome.skipped}`,
      seconds(outcome.milliseconds),
    ]),
    [
      'all',
      .../** @type {const} */ (['passed', 'failed', 'skipped']).map((key) => `${sum(outcomes, key)}`),
      seconds(milliseconds),
    ],
  ];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (/** @type {string[]} */ row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  const rule = '─'.repeat(widths.reduce((total, width) => total + width + 2, -2));
  return ['', line(rows[0] ?? []), rule, ...rows.slice(1, -1).map(line), rule, line(rows.at(-1) ?? []), ''].join('\n');
}

/** The one line scripts read. @param {readonly import('./step-outcome.mjs').Outcome[]} outcomes */
export function closingLine(outcomes) {
  return `${sum(outcomes, 'passed')} passed, ${sum(outcomes, 'failed')} failed`;
}

/** @param {readonly import('./step-outcome.mjs').Outcome[]} outcomes @param {'passed' | 'failed' | 'skipped'} key */
function sum(outcomes, key) {
  return outcomes.reduce((total, outcome) => total + outcome[key], 0);
}
