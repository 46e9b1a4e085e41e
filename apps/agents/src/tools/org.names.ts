import {
  DomainError,
  inForm,
  type leadsMessages,
  ListMembers,
  ListPipelines,
  type orgsMessages,
} from '@apollo/contracts';
import type { Ask } from './tool.js';

/** Pages of members that are looked through for a name. */
const MOST_PAGES = 10;
const MOST_SHOWN = 20;

/** A stage, and the pipeline that it is of. */
export interface NamedStage {
  readonly stage: leadsMessages.Stage;
  readonly pipeline: leadsMessages.Pipeline;
}

/** What people call pipelines, stages and members of the organization for which a run acts: found there, or nowhere. */
export class OrgNames {
  private known: Promise<leadsMessages.Pipeline[]> | undefined;

  constructor(private readonly ask: Ask) {}

  /** Those in use, with their stages in use. */
  pipelines(): Promise<leadsMessages.Pipeline[]> {
    this.known ??= this.ask(ListPipelines, { limit: 200 }).then(({ items }) =>
      items
        .filter(({ archived }) => !archived)
        .map((pipeline) => ({ ...pipeline, stages: pipeline.stages.filter(({ archived }) => !archived) })),
    );
    return this.known;
  }

  /** @throws DomainError `not_found`, with what there is */
  async pipeline(name: string): Promise<leadsMessages.Pipeline> {
    const pipelines = await this.pipelines();
    const found = pipelines.find((pipeline) => isSame(pipeline.name, name));
    if (!found) throw missing('pipeline', name, pipelines);
    return found;
  }

  /**
   * The stage of a pipeline, or of any: then of the default one where several have it.
   *
   * @param within id of a pipeline whose stage is preferred
   * @throws DomainError `not_found`, with what there is; `validation_failed` where several might be meant
   */
  async stage(name: string, pipelineName?: string, within?: string): Promise<NamedStage> {
    const pipelines = pipelineName === undefined ? await this.pipelines() : [await this.pipeline(pipelineName)];
    const found = pipelines.flatMap((pipeline) =>
      pipeline.stages.filter((stage) => isSame(stage.name, name)).map((stage) => ({ stage, pipeline })),
    );
    const [first] = found;
    if (!first)
      throw missing(
        'stage',
        name,
        pipelines.flatMap(({ stages }) => stages),
      );
    const preferred =
      found.find(({ pipeline }) => pipeline.id === within) ?? found.find(({ pipeline }) => pipeline.is_default);
    if (!preferred && found.length > 1)
      throw new DomainError('validation_failed', 'Several pipelines have a stage of that name: say which pipeline.');
    return preferred ?? first;
  }

  /** @throws DomainError `not_found`; `validation_failed` where several might be meant */
  async member(name: string): Promise<orgsMessages.Member> {
    const fitting: orgsMessages.Member[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const { items, next_cursor } = await this.ask(ListMembers, { limit: 200, ...(cursor && { cursor }) });
      fitting.push(...items.filter((member) => isSame(member.name, name) || isSame(member.email, name)));
      if (next_cursor === null) break;
      cursor = next_cursor;
    }
    const [member] = fitting;
    if (!member) throw new DomainError('not_found', 'No member of the organization has that name or address.');
    if (fitting.length > 1)
      throw new DomainError('validation_failed', 'Several members have that name: say the address.');
    return member;
  }

  /** Names of where a lead stands; null where they are not known any more. */
  async placeOf({ pipeline_id, stage_id }: { readonly pipeline_id: string; readonly stage_id: string }) {
    const pipeline = (await this.pipelines()).find(({ id }) => id === pipeline_id);
    const stage = pipeline?.stages.find(({ id }) => id === stage_id);
    return { pipeline: pipeline?.name ?? null, stage: stage?.name ?? null };
  }
}

/** Whether two names are the same to a person. */
export function isSame(one: string, other: string): boolean {
  return folded(one) === folded(other);
}

function folded(text: string): string {
  return inForm(text, 'NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();
}

function missing(what: string, name: string, there: readonly { readonly name: string }[]): DomainError {
  const names = there.slice(0, MOST_SHOWN).map((each) => each.name);
  return new DomainError('not_found', `There is no ${what} “${name}”, but: ${[...new Set(names)].join(', ')}.`);
}
