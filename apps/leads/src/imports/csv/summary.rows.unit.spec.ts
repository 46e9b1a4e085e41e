import { isEmptyRow, ListEnd } from './csv.rows.js';
import { withoutRepeats } from './csv.repeats.js';
import { isSummary } from './summary.rows.js';

describe('a record of separators', () => {
  it('has nothing in its cells, or lines that are drawn', () => {
    const isEmpty = (...cells: string[]): boolean => isEmptyRow({ line: 2, cells });
    expect([isEmpty('', '-----', ''), isEmpty('-'.repeat(70)), isEmpty('---', ':---:'), isEmpty('─────')]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([isEmpty('-', '--'), isEmpty('---', 'Ana'), isEmpty('-5')]).toEqual([false, false, false]);
  });
});

describe('a record that sums up others', () => {
  it.each([
    [['Gesamt', '2', '', '301,00']],
    [['', '', '', '', '', '', '', '$5,750.50', '']],
    [['', '', '', 'R$ 13.234,56']],
    [['', '', '1.200,00', '(€300.50)']],
    [['', '', '13.234,56 EUR', '']],
    [['', '', 'Summe:', '1.200,00 €']],
    [['Anzahl: 1', '', '']],
    [['Durchschnitt', '', '', '150,50']],
    [['Stand: 05.03.2024', '', '']],
    [['Subtotal: 2', '', '']],
    [['Total 3', '', '$1,200.00']],
    [['Grand Total', '1234567.89', '']],
    [['Grand Totals (2 records)', '', '30,000.00']],
    [['Gesamtsummen (2 Datensätze)', '', '30.000,00']],
    [['', 'Gesamtsumme (2 Einträge)', '30.000,00']],
    [['Total general', '3', '']],
    [['Итого', '', '12 000 руб.']],
    [['合計', '3', '¥1,200']],
    [['Total: 12 rows', '', '']],
    [['', '*', '', '', '11.845,67', '']],
    [['**', '', '2', '11.845,67-']],
    [['Grand Totals (2 records)', '', '30,000.00']],
    [['Gesamtsummen (2 Datensätze)', '', '30.000,00']],
    [['Gesamtsumme (2 Einträge)', '', '']],
    [['Sum of Amount', '', '30,000.00']],
    [['Summe von Betrag', '', '', '30.000,00 €']],
    [['Tax', '', '5.00']],
    [['2 records', '', '']],
    [['', '(1.200 Datensätze)', '']],
    [['Page 1 of 1', '', '']],
    [['Seite 1 von 12', '', '']],
    [['Erstellt am 05.03.2024', '', '']],
    [['Exported on 03/05/2024 09:12 AM', '', '']],
    [['Gerado em 05/03/2024', '', '']],
    [['Summe', '', '30,50', 'EUR']],
    [['Total', '3', '', 'GBP', '1550000.00']],
    [['Summe EUR', '', '30,50']],
    [['Total (€):', '-', '30,50']],
    [['Yhteensä', '', '30,50']],
    [['Tổng cộng', '', '30']],
    [['ยอดรวม', '', '30']],
  ])('is one by its word and figures alone: %j', (cells) => {
    expect(isSummary(cells)).toBe(true);
  });

  it.each([
    [['Total', 'Ana', '5']],
    // A number alone may be somebody's; so may an amount beside a word, or in the place of what leads are called by.
    [['', '', '1234']],
    [['', '', '030 1234567']],
    [['', 'ada@x.test', '$5.00']],
    [['$5.00', '', '']],
    [['', '$5.00']],
    [['Suma', '9820123456', '']],
    [['Suma', '+91 98201 23456', '5']],
    [['Total Energies', '5', '']],
    [['Max', '5', '']],
    [['Stand', '5', '']],
    [['Gesamt', '', '']],
    [['Gesamt', 'a@b.test', '5']],
    [['Date', '5', '6']],
    [['***', 'Ana', '5']],
    [['*', '', '']],
    [['2 records', 'a@b.test', '']],
    [['Page 1', 'Ana', '']],
    [['Page Miller', '', '5']],
    [['Tax', 'a@b.test', '5']],
    [['Max of Ulm', 'Bo', '5']],
    [['3 Monkeys', '', '5']],
    [['Total (Ulm)', 'a@b.test', '5']],
    [['Erstellt am Meer', '', '5']],
    [['Summe', '', 'EUR']],
    [['Total', 'GBP', 'Ana']],
  ])('is none: %j', (cells) => {
    expect(isSummary(cells)).toBe(false);
  });

  it.each([
    [['Summe', '30,50'], true],
    [['Total:', '30'], true],
    [['Gesamt', '30,50 €'], true],
    [['Suma', '30,50'], true],
    [['Итого', '30'], true],
    // Who may be called so, or has a number of an account; a word with nothing beside it; what only a wide list has.
    [['Suma', '30'], false],
    [['Total', '9820123456'], false],
    [['Total', ''], false],
    [['Total 3', ''], false],
    [['Total Energies', '5,00'], false],
    [['', '30,50'], false],
    [['Page 1', ''], false],
    [['Stand: 05.03.2024', ''], false],
  ])('of a list of two columns is one by a word for sums and figures: %j %s', (cells, isOne) => {
    expect(isSummary(cells, 2)).toBe(isOne);
  });

  it('is left out of a list of two columns, also behind an empty line', async () => {
    const records = [
      ['Firma', 'Betrag'],
      ['Alpha AG', '10,50'],
      ['Beta', '20,00'],
      ['', ''],
      ['Summe', '30,50'],
    ].map((cells, at) => ({ line: at + 1, cells }));
    const found = [];
    for await (const { line, isBelow } of withoutRepeats(records, 1)) found.push([line, isBelow === true]);
    expect(found.slice(-1)).toEqual([[5, true]]);
    const end = new ListEnd(records[0]!);
    for await (const record of withoutRepeats(records, 1)) if (record.line > 1 && !isEmptyRow(record)) end.see(record);
    expect(end.result()).toEqual({ rows: 2, footer_line: 5 });
  });

  it('is left out and told within the list, and stands below it where no row follows', async () => {
    const records = [
      ['Nr', 'Name', 'Mail'],
      ['1', 'Ana', 'a@b.test'],
      ['Subtotal: 1', '', ''],
      ['2', 'Bo', 'b@b.test'],
      ['Gesamt', '2', ''],
      ['Stand: 05.03.2024', '', ''],
    ].map((cells, at) => ({ line: at + 1, cells }));
    const found = [];
    for await (const record of withoutRepeats(records, 1)) found.push(record);
    expect(found.map(({ line, passed, isBelow }) => [line, passed?.map((each) => each.line), isBelow])).toEqual([
      [1, undefined, undefined],
      [2, undefined, undefined],
      [4, [3], undefined],
      [5, undefined, true],
      [6, undefined, true],
    ]);
    const end = new ListEnd(records[0]!);
    for (const record of found.slice(1)) end.see(record);
    expect(end.result()).toEqual({ rows: 2, footer_line: 5 });
  });
});
