import type { Bus } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import type { DocumentService } from '../../documents/document.service.js';
import type { FactService } from '../../memory/fact.service.js';
import { ToolCaller } from './tool.caller.js';

describe('a tool', () => {
  const asked: string[] = [];
  const bus = { request: ({ method }: { method: string }) => Promise.resolve(asked.push(method)) } as unknown as Bus;
  const tools = new ToolCaller(bus, {} as FactService, {} as DocumentService, () => new Date());
  const of = (names: string[]) => ({ run: newId(), persona: newId(), tools: names });
  const call = { index: 0, name: 'list_pipelines', valid: true, input: {} } as const;

  it('is used by a persona that has it, and by no other, however its call was read', async () => {
    expect(await tools.plan(of(['list_pipelines']), 1, call, false)).toMatchObject({ kind: 'called' });
    expect(await tools.plan(of(['add_note']), 1, call, false)).toMatchObject({ kind: 'returned', succeeded: false });
    const called = { kind: 'called', step: 1, call: 0, tool: 'list_pipelines', request: {} } as const;
    const once = () => Promise.reject(new Error('nothing is done here'));
    expect(await tools.call(of(['add_note']), called, {}, once)).toMatchObject({ succeeded: false });
    expect(asked).toEqual([]);
  });
});
