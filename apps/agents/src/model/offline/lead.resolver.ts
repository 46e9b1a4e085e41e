import type { LeadFilter } from './intent.kinds.js';
import { call, callAll, end, listed, need, type Plan, PlanEnd, type PlanScope } from './plan.scope.js';
import { type LeadFacts, leadLine, leadsOf, pipelinesOf, quoted } from './result.reader.js';
import { folded } from './word.reader.js';

/** Leads that are changed at once, and that a person is asked to choose from. */
export const MOST_CHANGED = 10;

/** Leads that are looked through for a name. */
const LOOKED_AT = 20;

/** Stages that every new pipeline has: nobody needs to be asked whether there is such a one. */
const USUAL_STAGES = ['New', 'Qualified', 'In conversation', 'Proposal sent', 'Negotiation', 'Won', 'Lost'];

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/**
 * @param who a name, an id, or a word for who was spoken of before
 * @returns the lead or leads that are meant
 * @throws {PlanEnd} where it is nobody, or the person has to say which one
 */
export function* meantLeads(scope: PlanScope, who: string): Plan<readonly LeadFacts[]> {
  const { words, memory, chosen, text } = scope;
  if (chosen) return [chosen];
  const says = (known: readonly string[]) => known.some((word) => folded(word) === folded(who));
  if (says(words.many)) return yield* severalBefore(scope);
  if (says(words.one)) {
    if (memory.leads.length === 0) throw end(text.nobodyMeant);
    return [oneOf(scope, who, memory.leads)];
  }
  if (UUID.test(who)) return [{ id: who, name: who, company: '', email: '', facts: {} }];
  const found = yield* call(scope, 'search_leads', { query: who, limit: LOOKED_AT }, { query: who });
  const fitting = leadsOf(found).leads.filter((lead) => isNamed(lead, who));
  if (fitting.length === 0) throw end(text.noLead(quoted(who)));
  const exact = fitting.filter(({ name }) => folded(name) === folded(who));
  return [exact.length === 1 && exact[0] ? exact[0] : oneOf(scope, who, fitting)];
}

/** @returns conditions in which a place is what it is here: a stage, a pipeline or a city */
export function* placed(scope: PlanScope, { place, ...filter }: LeadFilter): Plan<LeadFilter> {
  if (place === undefined) {
    return filter.stage === undefined ? filter : { ...filter, stage: usualStage(scope, filter.stage) ?? filter.stage };
  }
  const usual = usualStage(scope, place);
  if (usual !== undefined) return { ...filter, stage: usual };
  const pipelines = yield* knownPipelines(scope);
  const isPlace = (name: string) => folded(name) === folded(place);
  const stage = pipelines.flatMap(({ stages }) => stages).find(isPlace);
  const pipeline = pipelines.map(({ name }) => name).find(isPlace);
  if (stage !== undefined) return { ...filter, stage };
  if (pipeline !== undefined) return { ...filter, pipeline };
  return { ...filter, city: place };
}

/**
 * @returns the stage that is meant, as it is called here
 * @throws {PlanEnd} where there is none of the name
 */
export function* meantStage(scope: PlanScope, stage: string): Plan<string> {
  const usual = usualStage(scope, stage);
  if (usual !== undefined) return usual;
  const stages = (yield* knownPipelines(scope)).flatMap((pipeline) => pipeline.stages);
  if (stages.length === 0) return stage;
  const known = stages.find((name) => folded(name) === folded(stage));
  if (known !== undefined) return known;
  const names = [...new Set(stages)].map((name) => quoted(name, 60)).join(', ');
  throw end(scope.text.noStage(quoted(stage), names));
}

/** A name in the person's language stands for the usual stage. */
function usualStage({ words }: PlanScope, name: string): string | undefined {
  const own = Object.entries(words.stages).find(([said]) => folded(said) === folded(name))?.[1];
  return own ?? USUAL_STAGES.find((usual) => folded(usual) === folded(name));
}

/** Whatever keeps the answer away: then a name is what the person says. */
function* knownPipelines(scope: PlanScope): Plan<ReturnType<typeof pipelinesOf>> {
  if (!scope.tools.takes({ name: 'list_pipelines', input: {} })) return [];
  const [outcome] = yield* callAll(scope, [{ name: 'list_pipelines', input: {} }]);
  return outcome?.kind === 'done' ? pipelinesOf(outcome.value) : [];
}

function* severalBefore(scope: PlanScope): Plan<readonly LeadFacts[]> {
  const { memory, text } = scope;
  let leads = memory.leads;
  if (leads.length === 0 && memory.filter) {
    need(scope, 'search_leads');
    const most = { ...memory.filter, limit: MOST_CHANGED + 1 };
    leads = leadsOf(yield* call(scope, 'search_leads', most, { ...memory.filter })).leads;
  }
  if (leads.length === 0) throw end(text.nobodyMeant);
  if (leads.length > MOST_CHANGED) throw end(text.tooManyMeant(MOST_CHANGED));
  return leads;
}

/** @throws {PlanEnd} asks which one is meant */
function oneOf({ text }: PlanScope, who: string, leads: readonly LeadFacts[]): LeadFacts {
  const [only, ...others] = leads;
  if (only && others.length === 0) return only;
  const options = leads.slice(0, MOST_CHANGED);
  throw new PlanEnd({ text: text.which(quoted(who), listed(options.map(leadLine))), options });
}

/** A search also finds who has the words somewhere else: that is not whom the person named. */
function isNamed({ name, company, email }: LeadFacts, who: string): boolean {
  const own = folded(`${name} ${company} ${email}`);
  return folded(who)
    .split(/\s+/)
    .every((word) => own.includes(word));
}
