import { capProblem } from './cap.rules.js';

describe('what a cap is for', () => {
  it.each([
    ['org_month', [true, false, false, false]],
    ['agent_day', [true, true, false, false]],
    ['user_agent_month', [true, false, false, true]],
  ] as const)('%s fits nobody, an agent, a person, both: %j', (layer, fits) => {
    const ids = [
      [null, null],
      ['agent', null],
      [null, 'person'],
      ['agent', 'person'],
    ] as const;
    expect(ids.map(([agent, person]) => capProblem(layer, agent, person) === null)).toEqual(fits);
  });
});
