import { compareWorldsOf, worldStatements } from '@apollo/testing';
import { leadsSchema } from './leads.schema.js';

describe('A71 the tables of leads', () => {
  it(
    'tell whoever asks nothing about the rows of others',
    async () => {
      const found = await compareWorldsOf(leadsSchema, worldStatements());
      expect(found.tells.slice(0, 3)).toEqual([]);
      expect(found.unguarded).toEqual([]);
      expect(Math.min(found.answered, found.refused)).toBeGreaterThan(found.asked / 20);
    },
    worldStatements().patienceMs,
  );
});
