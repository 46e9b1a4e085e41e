import type { Logger } from 'pino';
import { register } from 'prom-client';
import { callOperator } from './operator.alarm.js';

describe('a call for an operator', () => {
  it('is an error in the log with ids, and counted by what it is', async () => {
    const lines: unknown[] = [];
    const logger = { error: (ids: unknown, sentence: unknown) => lines.push([ids, sentence]) } as unknown as Logger;
    callOperator(logger, 'overpayment', { payment: 'p1' }, 'paid twice');
    callOperator(logger, 'overpayment', { payment: 'p2' }, 'paid twice');
    callOperator(logger, 'dispute', { payment: 'p3' }, 'in dispute');
    expect(lines).toEqual([
      [{ what: 'overpayment', payment: 'p1' }, 'paid twice'],
      [{ what: 'overpayment', payment: 'p2' }, 'paid twice'],
      [{ what: 'dispute', payment: 'p3' }, 'in dispute'],
    ]);
    const counted = await register.getSingleMetric('apollo_operator_calls_total')?.get();
    expect(counted?.values.map(({ labels, value }) => [labels['what'], value])).toEqual([
      ['overpayment', 2],
      ['dispute', 1],
    ]);
  });
});
