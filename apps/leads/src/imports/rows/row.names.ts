import { standInName } from '../../leads/lead.rules.js';
import { plainWords } from '../plan/plain.words.js';
import type { LeadRow } from './lead.row.js';

/** Names of China, Japan and Korea, where the last one comes first. */
const LAST_FIRST = /^[\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\u30fc\u3005 ]+$/u;

/**
 * A name that the file gives, else what the lead has, as far as it fits; the default one is better than an id.
 *
 * @param isPartHeaded whether the column of names is called after a part of one
 * @param nameHeading heading of that column; null where there is none
 */
export function nameRow(
  row: LeadRow,
  parts: Readonly<Record<string, string>>,
  defaultName: string | null,
  isPartHeaded: boolean,
  nameHeading: string | null,
): void {
  keepOther(row, parts, nameHeading);
  // A name beside its parts may be all of it, or one more part.
  const whole = row.contact_name?.toLowerCase();
  const part = (name: string): string[] => {
    const text = parts[name];
    return text === undefined || whole?.includes(text.toLowerCase()) ? [] : [text];
  };
  const first = [...part('first_name'), ...part('middle_name')];
  const own = row.contact_name === undefined ? [] : [row.contact_name];
  const last = part('last_name');
  const isPart = own.length > 0 ? isPartHeaded && first.length + last.length === 0 : first.length * last.length === 0;
  const isLastFirst = [...first, ...own, ...last].every((each) => LAST_FIRST.test(each));
  const joined = isLastFirst ? [...last, ...first, ...own] : [...first, ...own, ...last];
  if (joined.length > 0) row.contact_name = joined.join(' ').slice(0, 200);
  row.named = row.contact_name !== undefined;
  if (row.named && isPart) row.isPartlyNamed = true;
  row.contact_name ??= standInName({ ...row, external_id: defaultName ?? row.external_id });
}

/** Keeps a name apart that has not both parts in it which stand beside it: joined, they would be a name that nobody has. */
function keepOther(
  row: LeadRow,
  { first_name, last_name }: Readonly<Record<string, string>>,
  heading: string | null,
): void {
  const { contact_name: name } = row;
  if (name === undefined || first_name === undefined || last_name === undefined || heading === null) return;
  const whole = plainWords(name);
  if ([first_name, last_name].every((part) => whole.includes(plainWords(part)))) return;
  row.kept[heading] = { target: 'contact_name', text: name, isTold: false };
  delete row.contact_name;
}

/** `Doe, Jane` → `Jane Doe` */
export function turned(cell: string): string {
  const [last = '', first = '', ...more] = cell.split(',').map((each) => each.trim());
  return last !== '' && first !== '' && more.length === 0 ? `${first} ${last}` : cell;
}
