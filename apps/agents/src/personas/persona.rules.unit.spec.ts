import {
  agentsMessages,
  DomainError,
  isTool,
  type Permission,
  PERMISSIONS,
  TOOL_NAMES,
  TOOLS,
} from '@apollo/contracts';
import fc from 'fast-check';
import { changed, differences, newSettings } from './persona.rules.js';

const persona: agentsMessages.Persona = {
  id: 'p',
  is_chief_of_staff: false,
  created_at: '2026-01-01T00:00:00.000Z',
  ...newSettings({ name: 'Scout', instructions: 'Be brief.', tools: ['read_lead'] }),
};
const change = fc.record(
  {
    name: fc.constantFrom('Scout', 'Clerk'),
    description: fc.constantFrom('x', null),
    instructions: fc.constantFrom('Be brief.', 'Be kind.'),
    tools: fc.subarray([...TOOL_NAMES]),
    model: fc.constantFrom('apollo-offline-1', 'acme/large'),
    daily_cap: fc.nat(3),
  },
  { requiredKeys: [] },
);

describe('a change of a persona', () => {
  it('is one version where something is another, and none where nothing is', () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        let current = persona;
        for (const each of changes) {
          const after = changed(current, each);
          const fields = differences(current, after);
          expect(after.version - current.version).toBe(fields.length > 0 ? 1 : 0);
          expect(after).toEqual({ ...current, ...each, version: after.version });
          for (const field of fields) expect(Object.keys(each)).toContain(field);
          expect(changed(after, each)).toBe(after);
          current = after;
        }
      }),
    );
  });

  it('names each tool once, and none that there is not', () => {
    expect(changed(persona, { tools: ['add_note', 'read_lead', 'add_note'] }).tools).toEqual(['add_note', 'read_lead']);
    for (const name of ['', 'drop_tables', 'READ_LEAD', 'constructor', '__proto__', 'toString']) {
      expect([name, isTool(name)]).toEqual([name, false]);
      expect(() => changed(persona, { tools: ['read_lead', name] })).toThrow(DomainError);
      expect(() => newSettings({ name: 'X', instructions: 'x', tools: [name] })).toThrow(DomainError);
    }
  });
});

describe('the catalogue of tools', () => {
  it('asks of the person for each what its change or its look takes anywhere else', () => {
    const reading: readonly Permission[] = [
      'leads.read',
      'documents.read',
      'pipelines.read',
      'org.read',
      'balance.read',
    ];
    expect(TOOL_NAMES.filter((name) => !Object.hasOwn(PERMISSIONS, TOOLS[name]))).toEqual([]);
    expect(TOOL_NAMES.filter((name) => reading.includes(TOOLS[name]))).toEqual([
      'search_leads',
      'read_lead',
      'count_leads',
      'list_pipelines',
      'read_documents',
      'read_balance',
    ]);
    // What writes is for nobody who only reads.
    for (const name of TOOL_NAMES)
      expect([name, (PERMISSIONS[TOOLS[name]] as readonly string[]).includes('viewer')]).toEqual([
        name,
        reading.includes(TOOLS[name]) && name !== 'read_balance',
      ]);
  });
});
