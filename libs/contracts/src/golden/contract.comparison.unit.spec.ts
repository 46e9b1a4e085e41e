import { DeleteLead, MemberChangedEvent, UndoImport } from '../index.js';
import { contractChanges, releasedContract } from './contract.comparison.js';

const command = releasedContract(DeleteLead);
const event = releasedContract(MemberChangedEvent);
const work = { permissions: ['leads.import'], seconds: 60 } as const;

describe('a contract of two versions that run beside each other', () => {
  it.each([
    ['nothing', command, command],
    ['one more service that takes an event', event, { ...event, consumers: ['leads', 'agents'] }],
    [
      'what a role must be allowed',
      command,
      releasedContract({ ...DeleteLead, permission: 'leads.read', operatorOnly: true }),
    ],
  ])('may differ in %s', (_, before, after) => {
    expect(contractChanges(before, after)).toEqual([]);
  });

  it.each([
    ['a query that becomes a command', command, { ...command, kind: 'query' }, 'kind: changed'],
    ['for whom it travels', command, { ...command, scope: 'self' }, 'scope: changed'],
    ['one more who asks', command, { ...command, callers: ['gateway', 'agents'] }, 'callers: with agents'],
    ['one less who asks', command, { ...command, callers: [] }, 'callers: without gateway'],
    ['one less who takes an event', event, { ...event, consumers: [] }, 'consumers: without leads'],
    ['how an event travels', event, { ...event, delivery: 'broadcast' }, 'delivery: changed'],
    ['whose an event is', event, { ...event, personal: true }, 'personal: changed'],
    ['whether its answer is kept sealed', command, { ...command, holdsSecret: true }, 'holdsSecret: changed'],
    ['who remembers its answer', command, { ...command, remembersItself: true }, 'remembersItself: changed'],
    ['whether a grant goes with it', command, { ...command, delegates: work }, 'delegates: changed'],
    ['what is granted with it', releasedContract(UndoImport), { ...command, delegates: work }, 'delegates: changed'],
    ['whether a grant went with it', releasedContract(UndoImport), command, 'delegates: changed'],
  ])('may not differ in %s', (_, before, after, change) => {
    expect(contractChanges(before, after)).toEqual([change]);
  });
});
