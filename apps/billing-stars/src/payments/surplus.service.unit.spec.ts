import { DatabaseBusyError } from '@apollo/tenancy/postgres';
import { newId } from '@apollo/tenancy';
import { twoOrgs } from '@apollo/testing';
import { SurplusService } from './surplus.service.js';

describe('what is paid beyond its price', () => {
  const [busy, other] = twoOrgs().map(({ id }) => ({ orgId: id, paymentId: newId() })) as [Order, Order];
  interface Order {
    readonly orgId: string;
    readonly paymentId: string;
  }
  const row = (id: string) => ({ id, kind: 'pack', charges: [], ordered_at: new Date(0), paid_at: null });
  /** @param error of the first organization's order */
  const listed = (error: Error) => {
    const resolver = {
      into: (id: string, work: () => Promise<unknown>) => (id === busy.paymentId ? Promise.reject(error) : work()),
    };
    const charges = { overpaid: async () => [busy, other] };
    const payments = { find: async (id: string) => row(id) };
    return new SurplusService(
      resolver as never,
      charges as never,
      payments as never,
      undefined as never,
      undefined as never,
    ).list();
  };

  it('is listed without the orders of an organization that keeps its connections busy (A74)', async () => {
    const { items } = await listed(new DatabaseBusyError());
    expect(items.map(({ org_id, payment }) => [org_id, payment.id])).toEqual([[other.orgId, other.paymentId]]);
    await expect(listed(new Error('anything else'))).rejects.toThrow('anything else');
  });
});
