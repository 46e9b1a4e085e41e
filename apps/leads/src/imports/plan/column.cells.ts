import { withoutUnseen } from '../cells/unseen.marks.js';
import { saysNothing } from '../rows/empty.words.js';
import { areNearlyAll } from './exception.rules.js';
import { plainWords } from './plain.words.js';
import type { SampledColumn } from './mapping.proposal.js';
import { isDialled, isDialledFromAbroad } from './phone.columns.js';

const ADDRESS = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
const WEBSITE = /^(?:https?:\/\/|www\.)[^\s/.]+\.[^\s/]+(?:\/\S*)?$/i;
/** Where somebody has a page among others, which is no site of theirs. */
const PLATFORMS = /(?:^|\.)(?:linkedin|facebook|instagram|twitter|x|xing|youtube|tiktok|google|wa|t)\.[a-z]{2,3}$/;
/** What is shown or loaded there, which is nobody's site. */
const DOCUMENT = /\.(?:jpe?g|png|gif|webp|svg|heic|pdf|docx?|xlsx?|csv|zip|mp[34]|mov|ics|vcf)(?:[?#]|$)/i;
/** Headings of addresses of something else than whoever the row is about. */
const OTHERS =
  /\b(?:qr|photo|foto|image|imagem|imagen|bild|picture|avatar|logo|meeting|zoom|webinar|join|invite|link|file|datei|arquivo|archivo|attachment|invoice|rechnung|receipt|download|recording|calendar|booking|form|survey|tracking|referrer|referer|landing|source|utm|unsubscribe|payment|checkout|ticket|map|maps|profile|perfil|profil)\b/;
/** Headings of numbers that nobody answers. */
const NOT_DIALLED = /\b(?:tele)?fax\b/i;

/** Whether a column is called after its place alone. */
export function isUnnamed(name: string): boolean {
  return /^Column \d+$/.test(name);
}

/** The target that nearly all cells of a column leave no doubt about, whatever its heading; none where that is such a cell itself. */
export function targetShown({ name, cells: given }: SampledColumn): 'email' | 'phone' | 'site' | undefined {
  const cells = given.filter((cell) => !saysNothing(cell, 'strict'));
  if (cells.length === 0 || isDialled(name) || [ADDRESS, WEBSITE].some((shape) => shape.test(name))) return undefined;
  if (areNearlyAll(cells, (cell) => ADDRESS.test(withoutUnseen(cell)))) return 'email';
  if (isDialledFromAbroad({ name, cells })) return NOT_DIALLED.test(name) ? undefined : 'phone';
  const isSite = (cell: string): boolean => WEBSITE.test(cell) && !DOCUMENT.test(cell);
  return areNearlyAll(cells, isSite) && areSites(name, cells.filter(isSite).map(hostOf)) ? 'site' : undefined;
}

function hostOf(cell: string): string {
  const [host = ''] = cell
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .split(/[/:?#]/, 1);
  return host;
}

/** Whether a heading or how many different hosts there are makes addresses those of websites. */
function areSites(name: string, hosts: readonly string[]): boolean {
  if (!areOwn(hosts)) return false;
  return isUnnamed(name) || (!OTHERS.test(plainWords(name)) && new Set(hosts).size > 1);
}

/** Whether hosts are those of people: pages of a program or a network have the same one. */
function areOwn(hosts: readonly string[]): boolean {
  const distinct = new Set(hosts);
  return distinct.size * 2 > hosts.length && ![...distinct].some((host) => PLATFORMS.test(host));
}
