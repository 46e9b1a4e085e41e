/**
 * Cuts a cell of several values at semicolons, commas and bars; a value in double quotes may hold them itself, a quote in
 * it written twice, as our export does.
 */
export function valuesOf(cell: string, marks = /[;,|\n]/): string[] {
  const values: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < cell.length; at++) {
    const letter = cell[at] ?? '';
    if (quoted) {
      if (letter !== '"') value += letter;
      else if (cell[at + 1] === '"') value += cell[at++];
      else quoted = false;
    } else if (letter === '"' && value.trim() === '' && closes(cell, at + 1, marks)) {
      quoted = true;
      value = '';
    } else if (marks.test(letter)) {
      values.push(value.trim());
      value = '';
    } else value += letter;
  }
  values.push(value.trim());
  return [...new Set(values.filter(Boolean))];
}

/** Whether the quote that opens at `from` is closed where a value ends; a quote of another kind is a letter like others. */
function closes(cell: string, from: number, marks: RegExp): boolean {
  for (let at = from; at < cell.length; at++) {
    if (cell[at] !== '"') continue;
    if (cell[at + 1] === '"') at++;
    else return /^\s*$/.test(cell.slice(at + 1)) || marks.test(cell.slice(at + 1).trimStart()[0] ?? '');
  }
  return false;
}
