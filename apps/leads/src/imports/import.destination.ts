import { DomainError, type FieldProblem } from '@apollo/contracts';
import { mayNow } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';
import { AmountRepository } from '../amounts/amount.repository.js';
import { FieldRepository } from '../fields/field.repository.js';
import { FieldService } from '../fields/field.service.js';
import { ownValue } from '../fields/own.value.js';
import { DefaultPipeline } from '../pipelines/default.pipeline.js';
import { MOST_MADE } from './import.limits.js';
import { customKey, type Mapping } from './import.mapping.js';
import { ImportRepository } from './import.repository.js';
import { labelOf } from './plan/field.label.js';
import type { ColumnSettings } from './plan/import.settings.js';

/** Why leads do not enter a pipeline that was archived. */
export function archivedPipeline(): DomainError {
  return new DomainError('state_conflict', 'An archived pipeline takes no new leads.');
}

/** Makes sure that what an import fills is there: its pipeline and its custom fields. */
@Injectable()
export class ImportDestination {
  constructor(
    private readonly imports: ImportRepository,
    private readonly defaultPipeline: DefaultPipeline,
    private readonly fields: FieldRepository,
    private readonly fieldService: FieldService,
    private readonly amounts: AmountRepository,
  ) {}

  /**
   * The id of the pipeline the leads will enter.
   *
   * @param id of the wanted one; the default one when null
   * @throws DomainError `not_found`, `state_conflict` when it is archived
   */
  async pipeline(id: string | null): Promise<string> {
    if (id === null) await this.defaultPipeline.ensure();
    const pipeline = await this.imports.pipeline(id);
    if (!pipeline) throw new DomainError('not_found');
    if (pipeline.archived) throw archivedPipeline();
    return pipeline.id;
  }

  /**
   * Asked once the import is there: whoever changes the currency meanwhile finds it.
   *
   * @param currency of the organization, as it was looked up before
   * @throws DomainError `service_unavailable` while the currency changes, `state_conflict` where it has
   */
  assertAmountsTaken(pipelineId: string, currency: string | undefined): Promise<void> {
    return this.amounts.assertTakenIn(pipelineId, currency);
  }

  /**
   * Makes the custom fields that a mapping names and nobody has defined, labelled by their headings: of the kinds and with
   * the options that are said, as text where nothing is.
   *
   * @throws DomainError `validation_failed` when one is archived, or missing and the role may not configure
   */
  async customFields(mapping: Mapping, { kinds, options }: Omit<ColumnSettings, 'formats'>): Promise<void> {
    const known = new Map((await this.fields.all()).map((field) => [field.key, field]));
    const wanted = [...mapping]
      .flatMap(([heading, target]) => ({ heading, key: customKey(target) ?? '' }))
      .filter(({ key }) => key !== '');
    const missing = wanted.filter(({ key }) => !known.has(key));
    const problems: FieldProblem[] = wanted
      .filter(({ key }) => known.get(key)?.archived)
      .map(({ heading }) => ({ field: `mapping.${heading}`, problem: 'is an archived custom field' }));
    if (!mayNow('pipelines.configure')) {
      problems.push(
        ...missing.map(({ heading }) => ({
          field: `mapping.${heading}`,
          problem: 'is no custom field yet, and only an Owner or Admin may add one',
        })),
      );
    }
    if (missing.length > MOST_MADE)
      problems.push({ field: 'mapping', problem: `names more than ${MOST_MADE} custom fields that are to be made` });
    if (problems.length > 0) throw new DomainError('validation_failed', 'Some fields were refused.', problems);
    for (const { heading, key } of missing) {
      await this.fieldService.create({
        key,
        label: labelOf(heading),
        kind: ownValue(kinds, key) ?? 'text',
        options: [...(ownValue(options, key) ?? [])],
      });
    }
  }
}
