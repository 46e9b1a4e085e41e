import type { LanguageModelV4FunctionTool } from '@ai-sdk/provider';
import { NIL_ID } from '@apollo/tenancy';
import { Injectable } from '@nestjs/common';
import { FactRepository } from '../../memory/fact.repository.js';
import { ModelSource } from '../../model/model.source.js';
import type { RunState } from '../run.log.js';
import type { ModelQuestion } from './answer.recorder.js';
import { promptOf, type ToldRun } from './run.messages.js';
import type { WorkedRun } from './work.repository.js';

/** Facts of its memory that a persona is told with each question, oldest first. */
const MOST_FACTS = 50;

/** Writes what a model is asked in a run. */
@Injectable()
export class QuestionWriter {
  constructor(
    private readonly models: ModelSource,
    private readonly facts: FactRepository,
  ) {}

  /** Models that are asked instead of one that cannot answer, in their order. */
  othersOf(model: string): readonly string[] {
    return this.models.others(model);
  }

  /** @param name of the model; undefined is given where there is none of it */
  async write(
    name: string,
    run: WorkedRun,
    earlier: readonly ToldRun[],
    state: RunState,
    tools: readonly LanguageModelV4FunctionTool[],
  ): Promise<ModelQuestion | undefined> {
    const model = await this.models.find(name);
    if (!model) return undefined;
    const facts = (await this.facts.page(run.persona_id, NIL_ID, MOST_FACTS)) ?? [];
    const persona = { name: run.name, instructions: run.instructions, facts: facts.map(({ text }) => text) };
    return { model, prompt: promptOf(persona, earlier, { text: run.text, state }), tools };
  }
}
