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
