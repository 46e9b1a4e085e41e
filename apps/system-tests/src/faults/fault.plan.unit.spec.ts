import { faultKinds } from './fault.kinds.js';
import { describeRound, nameOf, planOf, untried } from './fault.plan.js';
import { SeededNumbers } from './seeded.numbers.js';
import { soakArguments } from './soak.arguments.js';

const plan = (...args: string[]): string[] => {
  const wanted = soakArguments(args, 1);
  return planOf(wanted, new SeededNumbers(wanted.seed).branch('plan')).map(describeRound);
};

describe('the plan of a soak', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(plan('--seed', '7')).toEqual(plan('--seed', '7'));
    expect(plan('--seed', '7')).not.toEqual(plan('--seed', '8'));
  });

  it.each([[[]], [['--cluster']]])('holds every kind of fault within ten minutes: %j', (args: string[]) => {
    for (const { name } of faultKinds(args.includes('--cluster')))
      expect(plan('--seed', '3', ...args).join('\n')).toContain(name);
  });

  it('meets every point of every service within some seeds of ten minutes', () => {
    const all = Array.from({ length: 8 }, (_, seed) => plan('--seed', String(seed)).join('\n')).join('\n');
    const [points] = faultKinds(false);
    expect(points?.targets.filter((target) => !all.includes(`kill -9 ${target}`))).toEqual([]);
  });

  it('holds only what is named, and refuses a name that no fault has', () => {
    for (const round of plan('--seed', '1', 'kill -9 orgs'))
      expect(round).toMatch(/^ *\d+ s {2}kill -9 orgs [a-z ]+ \([\d.]+ s\)$/);
    expect(() => plan('earthquake')).toThrow('No fault has such a name');
  });

  it('says which of its faults were not tried, each once', () => {
    const wanted = soakArguments(['--seed', '5', 'latency'], 1);
    const rounds = planOf(wanted, new SeededNumbers(wanted.seed).branch('plan'));
    const names = [...new Set(rounds.flatMap(({ faults }) => faults.map(nameOf)))];
    expect(names.length).toBeGreaterThan(2);
    expect(untried(rounds, new Set())).toEqual(names);
    expect(untried(rounds, new Set(names.slice(1)))).toEqual(names.slice(0, 1));
    expect(untried(rounds, new Set(names))).toEqual([]);
  });

  it.each([['--seed'], ['--seed', 'x'], ['--minutes', '-1'], ['--nonsense']])(
    'refuses arguments that are none: %s %s',
    (...args: string[]) => {
      expect(() => soakArguments(args, 1)).toThrow('npm run soak');
    },
  );
});
