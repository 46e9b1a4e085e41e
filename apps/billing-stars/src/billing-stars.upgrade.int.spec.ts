import { createHash, randomBytes } from 'node:crypto';
import { newId } from '@apollo/tenancy';
import { migrate } from '@apollo/tenancy/postgres';
import { databaseBefore } from '@apollo/testing';
import { billingStarsSchema } from './billing-stars.schema.js';

it('is stopped by no reference that SQL made almost too long for the key of then', async () => {
  const test = await databaseBefore(billingStarsSchema, '0010');
  const [reference, planted] = ['cs_'.padEnd(255, 'x'), randomBytes(2_016).toString('base64')] as const;
  for (const each of [reference, planted])
    await test.admin(
      'insert into billing_stars.payment_references (reference, org_id, payment_id) values ($1, $2, $2)',
      [each, newId()],
    );
  await migrate(billingStarsSchema, test.migrateUrl);
  const digest = createHash('sha256').update(planted).digest('hex');
  expect(
    await test.admin('select reference from billing_stars.payment_references order by reference = $1', [reference]),
  ).toEqual([{ reference: digest }, { reference }]);
  await test.drop();
});

it('has a plan stand on the money that came in last for it, and end where that had gone back, kept or not', async () => {
  const test = await databaseBefore(billingStarsSchema, '0083');
  const held = async (state: string, kind: string, changes: boolean, ended: boolean): Promise<[string, string]> => {
    const [org, id, earlier] = [newId(), newId(), newId()];
    await test.admin(
      'insert into billing_stars.payment_references (reference, org_id, payment_id, noted_at) values ($1, $2, $3, now())',
      [id, org, id],
    );
    const pay = (payment: string, becomes: string, day: string, of: string): Promise<unknown> =>
      test.admin(
        `insert into billing_stars.payments (org_id, id, kind, item, stars, cents, currency, plan_stars, plan_cents, state, grant_source, period, ordered_by, ordered_at,
           paid_by, paid_at, paid_cents, refunded_cents, ended_plan)
         select $1, $2::uuid, $5::text, 'starter', 2000, 1900, 'EUR', n.stars, n.cents, $3::text, $2::text, $4::date, 'o', $4::date, 'p', $4::date, 1900, case $3::text when 'paid' then 0 else 1900 end, $6
         from (select case $5::text when 'plan' then 2000 end, case $5::text when 'plan' then 1900 end) n (stars, cents)`,
        [org, payment, becomes, day, of, ended && payment === id],
      );
    await pay(earlier, 'refunded', '2026-03-01', 'plan');
    await pay(id, state, '2026-04-01', kind);
    await test.admin(
      "insert into billing_stars.subscriptions (org_id, id, plan, stars, cents, since, changes) values ($1, $1, 'starter', 2000, 1900, '2026-03-01', $2)",
      [org, changes],
    );
    return [org, id];
  };
  const rows = [
    [await held('refunded', 'plan', true, true), false],
    [await held('refunded', 'renewal', false, true), false],
    // Cancelled by itself: that stays.
    [await held('refunded', 'renewal', true, false), true],
    [await held('paid', 'renewal', true, false), true],
  ] as const;
  await migrate(billingStarsSchema, test.migrateUrl);
  for (const [[org, payment_id], changes] of rows)
    expect(
      await test.admin('select payment_id, changes from billing_stars.subscriptions where org_id = $1', [org]),
    ).toEqual([{ payment_id, changes }]);
  await test.drop();
});
