import { newId } from '@apollo/tenancy';
import { migrate, TagSigner } from '@apollo/tenancy/postgres';
import { Attacker, databaseBefore, type TestDatabase, testOrg } from '@apollo/testing';
import { billingStarsSchema } from '../billing-stars.schema.js';

const FIRST_WITH_CHARGES = '0060';

describe('payments of a version that kept no charges', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await databaseBefore(billingStarsSchema, FIRST_WITH_CHARGES);
  });
  afterAll(() => test?.drop());

  it('are one charge each, of which refunds are told by the name they were told by before', async () => {
    const [org, other] = [testOrg(), testOrg()];
    const actor = 'system:billing-stars';
    const tag = new TagSigner(test.tagKey).sign(
      { scope: 'platform', orgId: null, actor, role: 'system', requestId: 'r' },
      Date.now(),
    );
    const sql = await Attacker.connect(test, org);
    const call = async (text: string): Promise<unknown> => {
      const { code, rows } = await sql.commit(
        `select tenancy.carry('${tag}')`,
        `select billing_stars.${text} as answer`,
      );
      expect([text, code]).toEqual([text, undefined]);
      return rows[0]?.['answer'];
    };
    const ids = { stripe: newId(), manual: newId(), open: newId() };
    for (const { id } of [org, other]) await call(`open_wallet('${id}', 'UTC', '${actor}')`);
    for (const [provider, id] of Object.entries(ids))
      await sql.commit(
        `select billing_stars.order_payment('${id}', 'pack', 'pack-1000', 1000, 1200, null, null, '${provider}', 'cs_${id}', null, null, '${org.owner}')`,
      );
    await call(`pay('${org.id}', '${ids.stripe}', 'e1', 1200, 'EUR', 'stripe', 'pi_1', '${actor}')`);
    await call(`pay('${org.id}', '${ids.manual}', 'e2', 1200, 'EUR', 'manual', null, '${actor}')`);
    await call(`refund('${org.id}', '${ids.stripe}', 'e3', 300, '${actor}')`);

    expect(await migrate(billingStarsSchema, test.migrateUrl)).not.toEqual([]);

    const charges = await test.admin(
      'select payment_id, provider, name, cents::int, amount::int, refunded::int from billing_stars.charges where org_id = $1 order by provider',
      [org.id],
    );
    expect(charges).toEqual([
      {
        payment_id: ids.manual,
        provider: 'manual',
        name: expect.any(String),
        cents: 1_200,
        amount: 1_200,
        refunded: 0,
      },
      { payment_id: ids.stripe, provider: 'stripe', name: 'pi_1', cents: 1_200, amount: 1_200, refunded: 300 },
    ]);
    expect(await test.admin('select * from billing_stars.ledger_findings()')).toEqual([]);
    const told = `refund('${org.id}', '${ids.stripe}', 'e4', 'stripe', 'pi_1', 1200, '${actor}')`;
    expect(await call(told)).toMatchObject({ outcome: 'noted', moved: 750, surplus: false });
    const balance = 'select package_balance::int as stars from billing_stars.wallets where org_id = $1';
    expect(await test.admin(balance, [org.id])).toEqual([{ stars: 1_500 }]);
    expect(await test.admin(balance, [other.id])).toEqual([{ stars: 500 }]);
    expect(await test.admin('select * from billing_stars.ledger_findings()')).toEqual([]);
    await sql.close();
  });
});
