import { compareWorldsOf, worldStatements } from '@apollo/testing';
import { agentsSchema } from './agents.schema.js';

describe('A71 the tables of agents', () => {
  it(
    'tell whoever asks nothing about the rows of others',
    async () => {
      const found = await compareWorldsOf(agentsSchema, worldStatements());
      expect(found.tells.slice(0, 3)).toEqual([]);
      expect(found.unguarded).toEqual([]);
      expect(Math.min(found.answered, found.refused)).toBeGreaterThan(found.asked / 20);
    },
    worldStatements().patienceMs,
  );
});
