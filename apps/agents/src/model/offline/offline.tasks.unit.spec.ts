import type { LanguageModelV4Prompt } from '@ai-sdk/provider';
import { ENGLISH_TASKS } from '../../spec/english.tasks.spec.js';
import { toolsOf } from '../../spec/lead.tools.spec.js';
import { converse } from '../../spec/offline.conversation.spec.js';
import type { ExpectedCall, Task } from '../../spec/offline.tasks.spec.js';
import { PORTUGUESE_TASKS } from '../../spec/portuguese.tasks.spec.js';
import { SPANISH_TASKS } from '../../spec/spanish.tasks.spec.js';

const PREFIXES = { English: 'Offline model: ', Portuguese: 'Modelo offline: ', Spanish: 'Modelo sin conexión: ' };
const TASKS = { English: ENGLISH_TASKS, Portuguese: PORTUGUESE_TASKS, Spanish: SPANISH_TASKS };

/** One step as a list of calls, however it is written. */
function callsOf(step: ExpectedCall | readonly ExpectedCall[]): readonly ExpectedCall[] {
  return typeof step[0] === 'string' ? [step as ExpectedCall] : (step as readonly ExpectedCall[]);
}

async function play(task: Task, prefix: string): Promise<void> {
  const prompt: LanguageModelV4Prompt = [{ role: 'system', content: 'You are the Chief of Staff.' }];
  const tools = toolsOf(task.offered);
  for (const { says, does = [], answers } of task.turns) {
    const left = does.flatMap(callsOf);
    const { steps, text } = await converse(
      prompt,
      says,
      tools,
      () => left.shift()?.[2] ?? new Error('Nobody expected it.'),
    );
    const made = steps.map((calls) => calls.map((call) => [call.name, call.valid ? call.input : call.reason]));
    expect(made).toEqual(does.map((step) => callsOf(step).map(([name, input]) => [name, input])));
    expect(text.startsWith(prefix)).toBe(true);
    for (const part of answers) expect(text).toContain(part);
  }
}

describe.each(['English', 'Portuguese', 'Spanish'] as const)('the offline model in %s', (language) => {
  const tasks = TASKS[language].map((task) => [task.turns.map(({ says }) => says).join(' / '), task] as const);
  it.each(tasks)('is asked: %s', async (_, task) => await play(task, PREFIXES[language]));
});

it('there are sixty tasks and more', () => {
  expect(Object.values(TASKS).flat().length).toBeGreaterThanOrEqual(60);
});
