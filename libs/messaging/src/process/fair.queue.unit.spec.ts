import { DomainError } from '@apollo/contracts';
import { type HandledMessage, handling } from '../envelope/message.scope.js';
import { FairQueue, type Holder, type QueueBounds } from './fair.queue.js';

const BOUNDS: QueueBounds = { atOnce: 1, atOnceOfHolder: 1, waiting: 4, waitingOfHolder: 4 };

describe('a line', () => {
  let line: FairQueue;
  let done: string[];
  /** Ends what is being worked on. */
  let end: () => void;

  beforeEach(() => {
    line = new FairQueue(BOUNDS);
    done = [];
  });

  const holder = (name: string, shares = 1): Holder => ({ name, shares, refusal: `too much of ${name}` });
  const enter = (name: string, ...holders: Holder[]): Promise<void> =>
    line
      .run(holders.length > 0 ? holders : [holder(name)], () => {
        done.push(name);
        return new Promise<void>((resolve) => (end = resolve));
      })
      .catch((error: DomainError) => void done.push(`${name}: ${error.code}`));
  const turn = async (): Promise<void> => {
    await new Promise(setImmediate);
    end();
    await new Promise(setImmediate);
  };

  it('that is full refuses the last of whoever has most in it, and a newcomer who would have no less', async () => {
    for (const name of ['a', 'b', 'a', 'a', 'a']) void enter(name);
    void enter('a');
    void enter('c');
    await turn();
    // One of those in the line begins, so that one more may wait.
    expect(done.sort()).toEqual(['a', 'a: rate_limited', 'a: rate_limited', 'b']);
    void enter('d');
    void enter('b');
    await new Promise(setImmediate);
    expect(done.slice(4)).toEqual(['a: rate_limited']);
    void enter('e');
    await new Promise(setImmediate);
    expect(done.slice(5)).toEqual(['e: rate_limited']);
    for (let more = 0; more < 4; more++) await turn();
    expect(done.slice(6).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  const ofWide = (n: number): [string, Holder, Holder] => [`w${n}`, holder(`w${n}`), holder('wide', 2)];

  it('compares what waits of the many networks of a client as that of one', async () => {
    for (const n of [1, 2, 3, 4, 5]) void enter(...ofWide(n));
    void enter('a');
    await turn();
    expect(done.sort()).toEqual(['a', 'w1', 'w5: rate_limited']);
  });

  it('lets more wait of a wide network than of a narrow one', async () => {
    void enter(...ofWide(1));
    for (const name of ['a', 'a']) void enter(name);
    for (const n of [2, 3]) void enter(...ofWide(n));
    void enter('b');
    await turn();
    expect(done.sort()).toEqual(['a', 'a: rate_limited', 'w1']);
  });

  it('says whether there is room, and who has too much', async () => {
    void enter('a');
    for (let n = 0; n < 4; n++) void enter('a');
    expect(() => line.assertRoom([holder('a')])).toThrow('too much of a');
    expect(() => line.assertRoom([holder('b')])).not.toThrow();
    await turn();
    expect(() => line.assertRoom([holder('a')])).not.toThrow();
  });

  it('has no place for what nobody waits for any more, and does none of it', async () => {
    const late = { envelope: { expiresAt: 0 } } as unknown as HandledMessage;
    void enter('a');
    for (let n = 0; n < 4; n++) handling(late, () => void enter('b'));
    void enter('b');
    await turn();
    await turn();
    expect(done.sort()).toEqual(['a', 'b', ...Array<string>(4).fill('b: deadline_exceeded')]);
  });
});
