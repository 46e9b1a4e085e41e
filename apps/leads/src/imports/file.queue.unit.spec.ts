import { DomainError } from '@apollo/contracts';
import { handling, type HandledMessage } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { type TestOrg, testOrg } from '@apollo/testing';
import { FileQueue } from './file.queue.js';
import { FILES_LOOKED_AT, OPEN_IMPORTS } from './import.limits.js';

describe('the line of files', () => {
  it('gives up what may not be done any more when its turn comes, and goes on with the next', async () => {
    const queue = new FileQueue();
    const org = testOrg();
    const looked: string[] = [];
    let isLate = false;
    const again = <T>(fn: () => Promise<T>): Promise<T> =>
      isLate ? Promise.reject(new DomainError('deadline_exceeded')) : fn();
    const look = (name: string, work: () => Promise<void> = async () => undefined): Promise<void> =>
      queue.run(async () => {
        looked.push(name);
        await work();
      });
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await org.as(async () => {
      const asHandled = (name: string) =>
        handling({ again, envelope: {} } as unknown as HandledMessage, () => look(name));
      const [first, late, next] = [look('first', () => held), asHandled('late'), look('next')];
      const refused = expect(late).rejects.toMatchObject({ code: 'deadline_exceeded' });
      isLate = true;
      release();
      await Promise.all([first, refused, next]);
      isLate = false;
      await asHandled('in time');
    });
    expect(looked).toEqual(['first', 'next', 'in time']);
  });

  it('has a few looked at at a time: one of an organization, one of a person, and whoever comes next where another must wait', async () => {
    const queue = new FileQueue();
    const looked: string[] = [];
    const ends = new Map<string, () => void>();
    const look = (name: string, org: TestOrg, actor: string): Promise<void> =>
      org.as(
        () =>
          queue.run(() => {
            looked.push(name);
            return new Promise<void>((end) => ends.set(name, end));
          }),
        { actor },
      );
    const [a, b, c, d] = [testOrg(), testOrg(), testOrg(), testOrg()];
    const [ada, bo, cy] = [newId(), newId(), newId()];
    const all = [look('ada in a', a, ada), look('ada in b', b, ada), look('bo in a', a, bo), look('cy in c', c, cy)];
    all.push(look('bo in d', d, bo));
    const end = async (name: string): Promise<void> => {
      ends.get(name)?.();
      await new Promise(setImmediate);
    };
    await end('nobody');
    expect(looked).toEqual(['ada in a', 'cy in c']);
    await end('cy in c');
    expect(looked.slice(2)).toEqual(['bo in d']);
    await end('ada in a');
    expect(looked.slice(3)).toEqual(['ada in b']);
    await end('ada in b');
    expect(looked).toHaveLength(FILES_LOOKED_AT + 2);
    await end('bo in d');
    expect(looked.slice(4)).toEqual(['bo in a']);
    await end('bo in a');
    await Promise.all(all);
  });

  it('gives a newcomer the next place, however many others wait with more than one', async () => {
    const queue = new FileQueue();
    const looked: string[] = [];
    const look = (name: string, org: TestOrg, actor = newId()): Promise<void> =>
      org.as(
        () =>
          queue.run(async () => {
            looked.push(name);
            await new Promise(setImmediate);
          }),
        { actor },
      );
    const [a, b, c, d] = [testOrg(), testOrg(), testOrg(), testOrg()];
    const [ada, bo] = [newId(), newId()];
    const many = Array.from({ length: 3 }, () => [look('a', a), look('b', b)]).flat();
    // One person in many organizations is one person, and has no more waiting than an organization.
    const roaming = Array.from({ length: OPEN_IMPORTS }, () => look('ada', testOrg(), ada));
    await expect(look('ada', testOrg(), ada)).rejects.toMatchObject({ code: 'rate_limited' });
    await Promise.all([...many, ...roaming, look('c', c), look('d', d, bo)]);
    expect(looked.slice(0, 5)).toEqual(['a', 'b', 'ada', 'c', 'd']);
    expect(looked.slice(5, 7)).toEqual(['a', 'b']);
  });
});
