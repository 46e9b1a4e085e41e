import { statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { MemberRepository } from '../../members/member.repository.js';
import { type NamedOwner, type NamedStage, PlaceBook } from './place.book.js';

/** Stages of all pipelines that a file may name: names are looked up in memory. */
const MOST_PLACES = 10_000;

const stages = statement<NamedStage & { in_default: boolean; archived: boolean }, object>(
  'stages by name',
  `
  select s.id, s.pipeline_id, s.name, p.is_default as in_default, s.archived or p.archived as archived
  from leads.stages s join leads.pipelines p on p.org_id = :org and p.id = s.pipeline_id
  where s.org_id = :org order by s.archived or p.archived, s.id limit ${MOST_PLACES}`,
);

/** The stages and people that a file may name. */
@Injectable()
export class PlaceRepository {
  constructor(
    private readonly database: TenantDatabase,
    private readonly members: MemberRepository,
  ) {}

  /** @param pipelineId whose stages count by their names; the default one's when null */
  async book(pipelineId: string | null, owners: readonly NamedOwner[]): Promise<PlaceBook> {
    const found = await this.database.query(stages, {});
    const home = pipelineId ?? found.find(({ in_default }) => in_default)?.pipeline_id ?? null;
    const [gone, open] = [true, false].map((isGone) => found.filter(({ archived }) => archived === isGone));
    const archived = new Set(gone?.map(({ id }) => id));
    return new PlaceBook(home, open ?? [], owners, await this.members.all(), archived);
  }
}
