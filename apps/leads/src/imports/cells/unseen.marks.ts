/** What nothing is seen of and copying from the web brings along: blanks without width, joiners, soft hyphens. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060-\u2064\ufeff]/g;

/** An address, a phone or a website without what nobody sees of it. */
export function withoutUnseen(cell: string): string {
  return cell.replace(UNSEEN, '');
}
