import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MemberRepository } from '../../members/member.repository.js';
import { TagResolver } from './tag.resolver.js';
import { type NamedOwner, type NamedStage, ReferenceResolver } from './reference.resolver.js';

/** Stages of all pipelines that a file may name: names are looked up in memory. */
const MOST_PLACES = 10_000;

/** Leads whose tags are known to an import. */
const LEADS_LOOKED_AT = 10_000;

const stages = statement<NamedStage & { in_default: boolean; archived: boolean }, object>(
  'stages by name',
  `
  select s.id, s.pipeline_id, s.name, p.is_default as in_default, s.archived or p.archived as archived
  from leads.stages s join leads.pipelines p on p.org_id = :org and p.id = s.pipeline_id
  where s.org_id = :org order by s.archived or p.archived, s.id limit ${MOST_PLACES}`,
);

/* Of the leads that are newest: in a large organization, looking at all of them would take longer than most imports. */
const tags = statement<{ tag: string }, object>(
  'tags of the newest leads',
  `
  select t.tag from (select l.id, l.tags from leads.leads l where l.org_id = :org order by l.id desc limit ${LEADS_LOOKED_AT}) l
  cross join lateral unnest(l.tags) as t (tag) group by t.tag order by count(*) desc, t.tag limit ${MOST_PLACES}`,
);

/** The stages, people and tags that a file may name. */
@Injectable()
export class ReferenceRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly members: MemberRepository,
  ) {}

  /** @param pipelineId whose stages count by their names; the default one's when null */
  async resolver(pipelineId: string | null, owners: readonly NamedOwner[]): Promise<ReferenceResolver> {
    const [found, tagged] = [await this.database.query(stages, {}), await this.database.query(tags, {})];
    const home = pipelineId ?? found.find(({ in_default }) => in_default)?.pipeline_id ?? null;
    const tagResolver = new TagResolver(tagged.map(({ tag }) => tag));
    return new ReferenceResolver(home, found, owners, await this.members.all(), tagResolver);
  }
}
