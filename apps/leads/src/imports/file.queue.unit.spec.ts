import { DomainError } from '@apollo/contracts';
import { handling, type HandledMessage } from '@apollo/messaging';
import { testOrg } from '@apollo/testing';
import { FileQueue } from './file.queue.js';

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
      const asHandled = (name: string) => handling({ again } as unknown as HandledMessage, () => look(name));
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
});
