import { dateFormatsShown, isDayNumber, isUnixTime } from '../cells/date.cells.js';
import { moneyParts } from '../cells/money.cells.js';
import type { Pace } from '../paced.js';
import { saysNothing } from '../rows/empty.words.js';
import { headingCurrency } from './currency.headings.js';
import type { ProposalContext, SampledColumn } from './mapping.proposal.js';
import { areOrders } from './people.columns.js';
import { plainWords } from './plain.words.js';
import { isFigures } from './reach.columns.js';

type Test = (cell: string, context: ProposalContext) => boolean;

/** As people are known here; what other programs number theirs by is another's. */
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Targets that somebody, or a company, is called by. */
const NAMES: ReadonlySet<string> = new Set(['contact_name', 'first_name', 'last_name', 'company']);
const NO_NAMES = 'its cells are numbers of something, and no names.';

const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['email', (cell) => cell.includes('@')],
  ['phone', (cell) => (cell.match(/\p{Nd}/gu)?.length ?? 0) >= 5],
  ['value', (cell, { currency }) => isOwnMoney(cell, currency)],
  ['value_minor', (cell) => /^\d+$/.test(cell)],
  ['created_at', (cell) => dateFormatsShown(cell) !== undefined || isDayNumber(cell) || isUnixTime(cell)],
  ['stage', (cell, { isStage }) => isStage(cell)],
  ['owner', (cell, { isOwner }) => isOwner(cell)],
  ['owner_id', (cell, { isOwner }) => UUID.test(cell) && isOwner(cell)],
  ['tags', (cell) => cell.length <= 500],
]);

/** How somebody or something stands: `Estado` and `State` are words for that, too. */
const STATUS =
  /^(?:(?:in)?activ[eoa]|(?:in)?ativ[oa]|(?:in)?aktiv|(?:in)?actif|(?:in)?attiv[oa]|pend(?:ing|ent[e]?|iente)|en attente|in attesa|offen|open|opened|abert[oa]|abiert[oa]|aperto|ouvert|clos(?:ed)?|fechad[oa]|cerrad[oa]|geschlossen|chiuso|ferme|new|nov[oa]|nuev[oa]|neu|nuovo|nouveau|won|lost|ganh[oa]|ganad[oa]|gewonnen|perdid[oa]|verloren|gagne|perdu|done|complet(?:ed?|o|a|ado|ada|ato)|concluid[oa]|terminad[oa]|finalizad[oa]|erledigt|abgeschlossen|cancel(?:l?ed|ad[oa])|storniert|annule|annullato|in progress|em (?:andamento|curso)|en (?:curso|proceso|cours)|in bearbeitung|paid|unpaid|pag[oa]|pagad[oa]|bezahlt|paye|enabled|disabled|suspended|suspens[oa]|suspendid[oa]|gesperrt|archived|draft|entwurf|borrador|rascunho|qualified|unqualified|qualificad[oa]|contacted|contactad[oa]|contatad[oa]|cobrad[oa]|vencid[oa]|facturad[oa]|faturad[oa]|emitid[oa]|enviad[oa]|entregue|entregad[oa]|recibid[oa]|recebid[oa]|aprobad[oa]|aprovad[oa]|rechazad[oa]|recusad[oa]|rejeitad[oa]|anulad[oa]|devuelt[oa]|devolvid[oa]|procesad[oa]|processad[oa]|confirmad[oa]|agendad[oa]|atrasad[oa]|impagad[oa]|quitad[oa]|liquidad[oa]|em aberto|por cobrar|en mora|pagat[oa]|incassat[oa]|scadut[oa]|evas[oa]|spedit[oa]|impaye|echu|livre|facture|uberfallig|fallig|fakturiert|versendet|geliefert|bestatigt|abgelehnt|genehmigt|sent|delivered|shipped|refunded|approved|rejected|confirmed|scheduled|expired|overdue|due|invoiced)e?$/;

function isStatus(cell: string): boolean {
  return cell.length <= 30 && STATUS.test(plainWords(cell));
}

/** What speaks against a column being what its heading says, behind "but"; undefined where half of its cells can be that. */
export async function misfit(
  target: string,
  { name, cells: given }: SampledColumn,
  context: ProposalContext,
  pace: Pace,
): Promise<string | undefined> {
  if (target === 'contact_name' && areOrders(given)) return NO_NAMES;
  if (NAMES.has(target) && given.filter(isFigures).length * 2 > given.length) return NO_NAMES;
  if (target === 'state' && given.filter(isStatus).length * 2 > given.length)
    return 'its cells say how something stands, and no region.';
  const test = TESTS.get(target);
  if (!test || given.length === 0) return undefined;
  const cells = given.filter((cell) => !saysNothing(cell, target === 'value' ? 'amount' : 'strict'));
  const headed = target === 'value' ? headingCurrency(name, context.currency) : undefined;
  if (headed !== undefined && context.currency !== null && headed !== context.currency)
    return `its amounts are in ${headed}, and those of leads are in ${context.currency}.`;
  const good = await pace.passing(cells, (cell) => test(cell, context));
  if (good * 2 >= cells.length) return undefined;
  const others = target === 'value' && context.currency !== null ? othersOf(cells, context.currency) : undefined;
  return others?.amounts
    ? `${others.amounts} of its ${others.amounts + good} amounts are in ${others.currencies.join(', ')}, and those of leads are in ${context.currency}.${noAmounts(cells.length - others.amounts - good)}`
    : `only ${good} of its ${cells.length} cells can be that.`;
}

/** How many cells are amounts in another currency than the organization's own, and in which. */
function othersOf(cells: readonly string[], own: string): { readonly amounts: number; readonly currencies: string[] } {
  const named = cells
    .map((cell) => moneyParts(cell, own)?.currency)
    .filter((each): each is string => each != null && each !== own);
  return { amounts: named.length, currencies: [...new Set(named)].slice(0, 3) };
}

/** What is said of cells that are no amounts beside those that are. */
function noAmounts(count: number): string {
  return count === 0 ? '' : ` ${count} of its cells ${count === 1 ? 'is' : 'are'} no amount.`;
}

function isOwnMoney(cell: string, own: string | null): boolean {
  const parts = moneyParts(cell, own);
  return parts !== undefined && (parts.currency === null || parts.currency === own);
}
