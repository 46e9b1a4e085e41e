import type { ToolName } from './answer.text.js';
import type { IntentKind, LeadFilter } from './intent.kinds.js';
import { meantLeads, meantStage, placed } from './lead.resolver.js';
import {
  call,
  callAll,
  end,
  hindered,
  hindranceText,
  listed,
  need,
  type Plan,
  PlanEnd,
  type PlanScope,
} from './plan.scope.js';
import {
  field,
  groupsOf,
  itemsOf,
  type LeadFacts,
  leadLine,
  leadOf,
  leadsOf,
  plain,
  quoted,
  stageOf,
  textField,
  totalOf,
} from './result.reader.js';
import type { ToolCall } from './tool.list.js';
import { folded } from './word.reader.js';

/** Leads that are shown of a list. */
const SHOWN = 10;
/** Tags of one lead. */
const MOST_TAGS = 50;

/** What is done about leads. */
export const LEAD_PLANS: Partial<Record<IntentKind, (scope: PlanScope) => Plan>> = {
  count: (scope) => count(scope, scope.intent.filter),
  narrow_count: (scope) => count(scope, { ...scope.memory.filter, ...scope.intent.filter }),
  count_by: countBy,
  search: (scope) => search(scope, withQuery(scope)),
  narrow: (scope) => search(scope, { ...scope.memory.filter, ...scope.intent.filter }),
  show,
  create,
  *update(scope) {
    const { field: said = '', value = '', lead: who = '' } = scope.intent.slots;
    const name = Object.entries(scope.words.fields).find(([word]) => folded(word) === folded(said))?.[1];
    if (name === undefined) throw end(scope.text.noField(quoted(said)));
    return yield* onEach(scope, who, {
      tool: 'update_lead',
      input: (lead) => ({ id: lead.id, fields: { [name]: value } }),
      done: (lead) => scope.text.updated(quoted(lead.name), scope.text.labels[name] ?? name, quoted(value)),
    });
  },
  *move(scope) {
    need(scope, 'move_lead', 'search_leads');
    const stage = yield* meantStage(scope, scope.intent.slots.stage ?? '');
    return yield* onEach(scope, scope.intent.slots.lead ?? '', {
      tool: 'move_lead',
      input: (lead) => ({ id: lead.id, stage }),
      done: (lead) => scope.text.moved(quoted(lead.name), quoted(stage)),
    });
  },
  *note(scope) {
    const { lead: who = '', words = '', text = words } = scope.intent.slots;
    return yield* onEach(scope, who, {
      tool: 'add_note',
      input: (lead) => ({ lead_id: lead.id, text }),
      done: (lead) => scope.text.noted(quoted(lead.name), quoted(text)),
    });
  },
  tag,
  draft,
};

/** Does the same to every lead that is meant, at once, and says of each what came of it. */
function* onEach(
  scope: PlanScope,
  who: string,
  each: {
    readonly tool: ToolName;
    readonly input: (lead: LeadFacts) => ToolCall['input'];
    readonly done: (lead: LeadFacts) => string;
  },
): Plan {
  need(scope, each.tool, 'search_leads');
  const leads = yield* meantLeads(scope, who);
  const outcomes = yield* callAll(
    scope,
    leads.map((lead) => ({ name: each.tool, input: each.input(lead) })),
  );
  const lines = leads.map((lead, index) => {
    const outcome = outcomes[index];
    if (outcome?.kind === 'done') return each.done(lead);
    return hindranceText(scope, each.tool, outcome?.kind ?? 'failed', outcome?.reason);
  });
  const said = { text: listedOrOne(lines), leads };
  // Whatever was to come after it goes by what was done.
  if (outcomes.some(({ kind }) => kind !== 'done')) throw new PlanEnd(said);
  return said;
}

function* count(scope: PlanScope, asked: LeadFilter): Plan {
  const { tools, text } = scope;
  if (!tools.has('search_leads')) need(scope, 'count_leads');
  const filter = yield* placed(scope, asked);
  const said = text.filter(filter, quoted);
  if (tools.has('count_leads')) {
    const total = totalOf(yield* call(scope, 'count_leads', { ...filter }));
    if (total === undefined) throw hindered(scope, 'count_leads', 'strange');
    return { text: text.counted(total, false, said), filter, leads: [] };
  }
  const found = yield* call(scope, 'search_leads', { ...filter });
  const { leads, more } = leadsOf(found);
  const total = totalOf(found);
  return { text: text.counted(total ?? leads.length, total === undefined && more, said), filter, leads };
}

function* countBy(scope: PlanScope): Plan {
  const { words, text, intent } = scope;
  const group = Object.entries(words.groups).find(([word]) => folded(word) === folded(intent.slots.group ?? ''))?.[1];
  if (group === undefined) return { text: text.unknown };
  const counted = yield* call(scope, 'count_leads', { group_by: group });
  const groups = groupsOf(counted);
  if (groups.length === 0 && totalOf(counted) !== 0) throw hindered(scope, 'count_leads', 'strange');
  const lines = groups.map(({ name, count: leads }) => `${quoted(name, 60)}: ${leads}`);
  return { text: text.grouped(totalOf(counted), listed(lines)), filter: {}, leads: [] };
}

/** A name to search for may stand where conditions do. */
function withQuery({ intent }: PlanScope): LeadFilter {
  const { query } = intent.slots;
  return query === undefined ? intent.filter : { query };
}

function* search(scope: PlanScope, asked: LeadFilter): Plan {
  const { text } = scope;
  need(scope, 'search_leads');
  const filter = yield* placed(scope, asked);
  const found = yield* call(scope, 'search_leads', { ...filter, limit: SHOWN }, { ...filter });
  if (typeof found !== 'object') throw hindered(scope, 'search_leads', 'strange');
  const { leads, more } = leadsOf(found);
  const said = text.filter(filter, quoted);
  const shown = leads.slice(0, SHOWN);
  if (shown.length === 0) return { text: text.none(said), filter, leads };
  const isMore = more || leads.length > SHOWN;
  return { text: text.found(shown.length, isMore, said, listed(shown.map(leadLine))), filter, leads: shown };
}

function* show(scope: PlanScope): Plan {
  const { text, tools, words, intent } = scope;
  need(scope, 'search_leads');
  const [meant] = yield* meantLeads(scope, intent.slots.lead ?? '');
  if (!meant) throw end(text.nobodyMeant);
  const lead = tools.has('read_lead') ? leadOf(yield* call(scope, 'read_lead', { id: meant.id })) : meant;
  if (!lead) throw hindered(scope, 'read_lead', 'strange');
  const facts: Record<string, unknown> = { ...lead.facts, stage: stageOf(lead.facts) };
  const asked = Object.entries(words.fields).find(([word]) => folded(word) === folded(intent.slots.field ?? ''))?.[1];
  const lines = Object.entries(text.labels)
    .filter(([name]) => asked === undefined || name === asked)
    .map(([name, label]) => [label, valueText(facts[name])] as const)
    .filter(([, value]) => value !== '')
    .map(([label, value]) => `${label}: ${value}`);
  return { text: text.lead(quoted(lead.name), listed(lines)), leads: [lead] };
}

function* create(scope: PlanScope): Plan {
  const { slots, details } = scope.intent;
  const made = yield* call(scope, 'create_lead', { contact_name: slots.name, ...details });
  const lead = leadOf(made);
  return { text: scope.text.created(quoted(slots.name)), ...(lead ? { leads: [lead] } : {}) };
}

/** Tags are kept as a whole, so those that are there are read before. */
function* tag(scope: PlanScope): Plan {
  const { text, intent, tools } = scope;
  need(scope, 'update_lead', 'search_leads');
  const wanted = intent.slots.tag ?? '';
  const leads = yield* meantLeads(scope, intent.slots.lead ?? '');
  const reads = tools.has('read_lead') ? leads.map(({ id }) => ({ name: 'read_lead', input: { id } }) as const) : [];
  const read = yield* callAll(scope, reads);
  const calls = leads.map(({ id, facts }, index): ToolCall => {
    const outcome = read[index];
    if (outcome && outcome.kind !== 'done') throw hindered(scope, 'read_lead', outcome.kind, outcome.reason);
    const before = itemsOf(field(outcome ? leadOf(outcome.value)?.facts : facts, 'tags')).items;
    const tags = [...new Set([...before.filter((one) => typeof one === 'string'), wanted])].slice(-MOST_TAGS);
    return { name: 'update_lead', input: { id, fields: { tags } } };
  });
  const outcomes = yield* callAll(scope, calls);
  const failed = outcomes.find((outcome) => outcome.kind !== 'done');
  if (failed) throw hindered(scope, 'update_lead', failed.kind, failed.reason);
  return { text: listedOrOne(leads.map(({ name }) => text.tagged(quoted(name), quoted(wanted)))), leads };
}

function* draft(scope: PlanScope): Plan {
  const { text, intent } = scope;
  const { lead: who = '', topic = '', text: written } = intent.slots;
  const mailTo = (name: string) => {
    const mail = text.mail(name, topic);
    return written === undefined ? mail : { ...mail, body: written };
  };
  return yield* onEach(scope, who, {
    tool: 'draft_email',
    input: (lead) => ({ lead_id: lead.id, ...mailTo(plain(lead.name, 100)) }),
    done: (lead) => text.drafted(quoted(lead.name), quoted(mailTo('').subject)),
  });
}

function valueText(value: unknown): string {
  if (Array.isArray(value))
    return value
      .slice(0, MOST_TAGS)
      .map((one) => quoted(one, 60))
      .join(', ');
  const text = textField({ value }, 'value');
  return text === '' ? '' : quoted(text);
}

function listedOrOne(lines: readonly string[]): string {
  return lines.length === 1 ? lines.join('') : listed(lines);
}
