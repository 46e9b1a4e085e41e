import { DomainError, type leadsMessages } from '@apollo/contracts';

type Stage = leadsMessages.Stage;

/** Most stages of one pipeline, archived ones included. */
export const MOST_STAGES = 100;

/** The stages every new pipeline starts with; leads enter at the first. */
export const STARTING_STAGES: readonly Pick<Stage, 'name' | 'kind'>[] = [
  { name: 'New', kind: 'open' },
  { name: 'Qualified', kind: 'open' },
  { name: 'In conversation', kind: 'open' },
  { name: 'Proposal sent', kind: 'open' },
  { name: 'Negotiation', kind: 'open' },
  { name: 'Won', kind: 'won' },
  { name: 'Lost', kind: 'lost' },
];

/** What may change about a stage. */
export interface StageChange {
  readonly name?: string;
  readonly position?: number;
  readonly archived?: boolean;
}

/**
 * The stages with `stage` placed at `position` among those in use (last when absent or beyond the end), numbered anew
 * from 0; archived ones come after all others.
 */
export function placed(stages: readonly Stage[], stage: Stage, position?: number): Stage[] {
  const others = stages.filter((other) => other.id !== stage.id);
  const used = others.filter((other) => !other.archived);
  const archived = others.filter((other) => other.archived);
  if (stage.archived) archived.push(stage);
  else used.splice(position ?? used.length, 0, stage);
  return [...used, ...archived].map((each, index) => ({ ...each, position: index }));
}

/** @throws DomainError `state_conflict` when the pipeline has no room for another stage */
export function withStage(stages: readonly Stage[], stage: Stage, position?: number): Stage[] {
  if (stages.length >= MOST_STAGES)
    throw new DomainError('state_conflict', `A pipeline has at most ${MOST_STAGES} stages.`);
  return placed(stages, stage, position);
}

/**
 * The stages after a change to one of them.
 *
 * @param hasLeads whether leads are at that stage now
 * @throws DomainError `not_found`; `in_use` or `state_conflict` when the stage may not be archived
 */
export function withChangedStage(
  pipeline: leadsMessages.Pipeline,
  stageId: string,
  change: StageChange,
  hasLeads: boolean,
): Stage[] {
  const stage = pipeline.stages.find((each) => each.id === stageId);
  if (!stage) throw new DomainError('not_found');
  const archived = change.archived ?? stage.archived;
  if (archived && !stage.archived) {
    if (stage.id === pipeline.default_stage_id)
      throw new DomainError('state_conflict', 'The stage at which leads enter cannot be archived.');
    if (hasLeads) throw new DomainError('in_use', 'Leads are at this stage; move them first.');
  }
  const changed = { ...stage, name: change.name ?? stage.name, archived };
  const stays = archived === stage.archived && change.position == null;
  return placed(pipeline.stages, changed, stays ? stage.position : (change.position ?? undefined));
}

/** @throws DomainError `state_conflict` for archiving the pipeline that leads enter by default */
export function assertMayArchive(pipeline: leadsMessages.Pipeline): void {
  if (pipeline.is_default) throw new DomainError('state_conflict', 'The default pipeline cannot be archived.');
}
