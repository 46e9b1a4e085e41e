/**
 * The stage with an id and its pipeline, where leads may enter both: archived ones take none.
 *
 * @param stage SQL of the id
 * @returns a query of `id` and `pipeline_id`: one row or none
 */
export function openStage(stage: string): string {
  return `select s.id, s.pipeline_id from leads.stages s join leads.pipelines p on p.org_id = :org and p.id = s.pipeline_id
    where s.org_id = :org and s.id = ${stage} and not s.archived and not p.archived`;
}
