import { plainWords } from '../plan/plain.words.js';
import { TagResolver } from './tag.resolver.js';

/** A stage that a row may name. */
export interface NamedStage {
  readonly id: string;
  readonly pipeline_id: string;
  readonly name: string;
  /** Whether no lead enters it any more; a cell cannot name it then. */
  readonly archived?: boolean;
}

/** Somebody who may own a lead. */
export interface NamedOwner {
  readonly user_id: string;
  readonly name: string;
  readonly email: string;
}

/** Stages, owners and tags of one organization by what a file calls them. */
export class ReferenceResolver {
  /** Whether leads may enter the pipeline whose stages count by their names: an archived one takes none. */
  readonly isOpen: boolean;
  private readonly stages = new Map<string, NamedStage>();
  private readonly archived = new Set<string>();
  /** Null where several people have the name. */
  private readonly owners = new Map<string, string | null>();

  /**
   * @param pipelineId where names of stages count; their ids count everywhere
   * @param owners who may be named by more than an id
   * @param members ids of all who may own a lead
   * @param tags that leads have
   */
  constructor(
    pipelineId: string | null,
    stages: readonly NamedStage[],
    owners: readonly NamedOwner[],
    private readonly members: ReadonlySet<string>,
    readonly tags: TagResolver = new TagResolver(),
  ) {
    this.isOpen = stages.some((stage) => stage.pipeline_id === pipelineId);
    for (const stage of stages) {
      if (stage.archived) {
        this.archived.add(stage.id);
        continue;
      }
      this.stages.set(stage.id, stage);
      if (stage.pipeline_id === pipelineId) this.stages.set(plainWords(stage.name), stage);
    }
    for (const owner of owners) {
      this.owners.set(owner.user_id, owner.user_id);
      for (const key of new Set([owner.email.toLowerCase(), plainWords(owner.name)]))
        this.owners.set(key, this.owners.has(key) ? null : owner.user_id);
    }
  }

  /** Where a lead of this stage stands. */
  stage(cell: string): { pipeline_id: string; stage_id: string } | undefined {
    const stage = this.stages.get(cell.toLowerCase()) ?? this.stages.get(plainWords(cell));
    return stage && { pipeline_id: stage.pipeline_id, stage_id: stage.id };
  }

  /** Whether a cell names a stage of the organization, archived ones included. */
  knowsStage(cell: string): boolean {
    return this.archived.has(cell.toLowerCase()) || this.stage(cell) !== undefined;
  }

  /** The id of the one member with this id, address or name. */
  owner(cell: string): string | undefined {
    return this.member(this.owners.get(cell.toLowerCase()) ?? this.owners.get(plainWords(cell)) ?? cell);
  }

  /** The member with this id. */
  member(cell: string): string | undefined {
    const id = cell.toLowerCase();
    return this.members.has(id) ? id : undefined;
  }
}
