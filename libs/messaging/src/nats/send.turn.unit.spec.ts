import { sendTurn } from './send.turn.js';

it('lets go together what waits, once all that has arrived was looked at', async () => {
  const order: string[] = [];
  const waiting = ['first', 'second'].map((name) => sendTurn().then(() => order.push(name)));
  const arrived = new Promise<void>((resolve) =>
    setImmediate(() => {
      order.push('the turn after');
      resolve();
    }),
  );
  await Promise.resolve();
  order.push('what has arrived');
  await Promise.all([...waiting, arrived]);
  expect(order).toEqual(['what has arrived', 'first', 'second', 'the turn after']);
});

it('begins a new turn for what comes after one', async () => {
  const first = sendTurn();
  await first;
  expect(sendTurn()).not.toBe(first);
});
