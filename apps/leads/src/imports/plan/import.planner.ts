import { isAscii } from 'node:buffer';
import { type leadsMessages } from '@apollo/contracts';
import { mayNow } from '@apollo/messaging';
import { Injectable } from '@nestjs/common';
import { FieldRepository } from '../../fields/field.repository.js';
import type { Sample } from '../csv/csv.dialect.js';
import type { Encoding } from '../csv/csv.encoding.js';
import { ImportRepository } from '../import.repository.js';
import { ReferenceRepository } from '../rows/reference.repository.js';
import { type FilePlan, filePlan } from './file.plan.js';

/** Settles how files are read, with what the organization has: its custom fields, stages and people. */
@Injectable()
export class ImportPlanner {
  constructor(
    private readonly imports: ImportRepository,
    private readonly fields: FieldRepository,
    private readonly references: ReferenceRepository,
  ) {}

  /**
   * The plan of an import whose file has arrived. What a preview says of a beginning that is ASCII alone says nothing of the
   * letters behind it: sent back, it is as good as unsaid.
   *
   * @param encoding as all its bytes show it
   */
  async planOf(id: string, sample: Sample, encoding: Encoding): Promise<FilePlan> {
    const found = await this.imports.settings(id);
    const isOpen = found?.encoding === 'utf-8' && isAscii(sample.bytes);
    return this.plan(sample, { encoding, ...found, ...(isOpen ? { encoding } : {}) }, found?.pipeline_id ?? null);
  }

  /** @param pipelineId whose stages a column may name; the default one's when null */
  async plan(sample: Sample, settings: leadsMessages.ImportSettings, pipelineId: string | null): Promise<FilePlan> {
    return filePlan(sample, settings, {
      fields: await this.fields.all(),
      mayAddFields: mayNow('pipelines.configure'),
      references: await this.references.resolver(pipelineId, settings.owners ?? []),
    });
  }
}
