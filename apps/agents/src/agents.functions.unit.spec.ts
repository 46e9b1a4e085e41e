import { eventFacts } from '@apollo/testing';
import { agentsSchema } from './agents.schema.js';

describe('the functions of agents', () => {
  it('tell of the events that the contracts declare, and take those', async () => {
    const { declared, written } = await eventFacts(agentsSchema, 'agents');
    expect(written).toEqual(declared);
  });
});
