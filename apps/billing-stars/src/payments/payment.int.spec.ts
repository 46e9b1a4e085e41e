import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import { asPlatform, Attacker, type TestOrg } from '@apollo/testing';
import { codeOf, ORGS, StarsWorld } from '../spec/stars.world.spec.js';

describe('payments that operators confirm', () => {
  let world: StarsWorld;
  let a: TestOrg;
  let b: TestOrg;
  beforeAll(async () => {
    world = await StarsWorld.start(6);
    [a, b] = [await world.org(), await world.org()];
  });
  afterEach(async () => expect(await world.findings()).toEqual([]));
  afterAll(() => world.test.drop());

  const refund = (id: string, cents: number, reference = newId()): Promise<void> =>
    asPlatform(
      () => world.test.database.transaction(() => world.settlements.refund({ id, cents, reference })),
      newId(),
    );

  it("bring a pack's Stars once they are confirmed, to the organization that ordered it and no other", async () => {
    const before = await world.wallet(b);
    const ordered = await world.pack(a, 'pack-1000');
    expect(ordered).toMatchObject({
      kind: 'pack',
      item: 'pack-1000',
      stars: 1_000,
      cents: 1_200,
      state: 'open',
      paid_at: null,
    });
    expect((await world.wallet(a)).package_balance).toBe(500);
    await Promise.all(Array.from({ length: 8 }, () => world.confirm(ordered.id, 'transfer-7')));
    expect((await world.wallet(a)).package_balance).toBe(1_500);
    expect((await a.as(() => world.payments.list({}))).items[0]).toMatchObject({
      id: ordered.id,
      state: 'paid',
      provider: 'manual',
    });
    expect(await world.wallet(b)).toEqual(before);
    expect((await b.as(() => world.payments.list({}))).items).toEqual([]);
  });

  it('that are confirmed under a second reference are refused, unless it is said to be one more transfer', async () => {
    const org = await world.org();
    const { id } = await world.pack(org, 'pack-1000');
    const kept = async (): Promise<unknown[]> => {
      const { items } = await org.as(() => world.payments.list({}));
      return items.map(({ state, paid_cents, charges }) => [state, paid_cents, charges?.length]);
    };
    const both = await Promise.all(['Lin', 'Kim'].map((reference) => codeOf(world.confirm(id, reference))));
    expect(both.sort()).toEqual(['ok', 'state_conflict']);
    expect(await kept()).toEqual([['paid', 1_200, 1]]);
    await expect(world.confirm(id, 'once more')).rejects.toMatchObject({
      detail: expect.stringMatching(/paid already, by (Lin|Kim): .*additional/) as string,
    });
    expect(await kept()).toEqual([['paid', 1_200, 1]]);
    await world.confirm(id, 'a second transfer', true);
    expect(await kept()).toEqual([['paid', 2_400, 2]]);
    expect((await world.wallet(org)).package_balance).toBe(1_500);
  });

  it('are known to operators by their id alone: an unknown one is refused', async () => {
    expect(await codeOf(world.confirm(newId()))).toBe('not_found');
    expect(await codeOf(refund(newId(), 1))).toBe('not_found');
  });

  it('that go back take the same part of the Stars, once, whatever order they are told in (B13)', async () => {
    const org = await world.org();
    const { id } = await world.pack(org, 'pack-1000');
    expect(await codeOf(refund(id, 100))).toBe('state_conflict');
    await world.confirm(id);
    await refund(id, 600, 'first');
    await Promise.all([refund(id, 600, 'first'), refund(id, 300, 'late'), refund(id, 600, 'again')]);
    expect((await world.wallet(org)).package_balance).toBe(1_000);
    expect(await codeOf(refund(id, 1_201))).toBe('state_conflict');
    await refund(id, 1_200);
    expect((await world.wallet(org)).package_balance).toBe(500);
    expect((await org.as(() => world.payments.list({}))).items[0]).toMatchObject({
      state: 'refunded',
      refunded_cents: 1_200,
    });
  });

  it('that go back after their Stars were spent are owed, and block reservations (B13)', async () => {
    const org = await world.org();
    const { id } = await world.pack(org, 'pack-1000');
    await world.confirm(id);
    await world.settle(org, await world.hold(org, { stars: 1_000 }), 1_000);
    await refund(id, 1_200);
    expect(await world.wallet(org)).toMatchObject({ state: 'owing', package_balance: 0, overdraft: 500 });
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({ outcome: 'refused', reason: 'owing' });
  });

  it('that go back to an organization that is gone are kept with its account (B26)', async () => {
    const org = await world.org();
    const { id } = await world.pack(org, 'pack-1000');
    await world.confirm(id);
    await org.as(() => world.wallets.close(), ORGS);
    await refund(id, 1_200);
    expect(await world.wallet(org)).toMatchObject({ standing: 'closed', package_balance: 500 });
    expect(await world.reserve(org, { stars: 1 })).toMatchObject({
      outcome: 'refused',
      refused_by: 'wallet',
      reason: 'closed',
    });
  });

  it('cannot be offered anew once they are over, nor by another organization', async () => {
    const { id } = await world.pack(a, 'pack-5000');
    expect(await codeOf(b.as(() => world.payments.prepareCheckout(id)))).toBe('not_found');
    const checkout = await a.as(() => world.payments.prepareCheckout(id));
    expect(
      await a.as(() => world.test.database.transaction(() => world.payments.offerCheckout(checkout))),
    ).toMatchObject({ id, state: 'open' });
    await world.confirm(id);
    expect(await codeOf(a.as(() => world.payments.prepareCheckout(id)))).toBe('state_conflict');
    expect(await codeOf(a.as(() => world.payments.offerCheckout(checkout)))).toBe('state_conflict');
  });

  it('are noted by their references, which nobody looks up under the tag of an organization (B17)', async () => {
    const { id } = await world.pack(a, 'pack-1000');
    const attacker = await Attacker.connect(world.test, b);
    expect((await attacker.attempt(`select * from billing_stars.find_payment('${id}')`)).code).toBe('42501');
    expect((await attacker.attempt('select * from billing_stars.payment_references')).code).toBe('42501');
    expect(
      (await attacker.attempt(`select billing_stars.remember_payment('${id}', '${b.id}', '${newId()}')`)).code,
    ).toBe('42501');
    await attacker.close();
  });

  it("cannot be noted under an organization's tag before they are paid: another one's stays whose it is (A32, B17)", async () => {
    const [mine, theirs, reference] = [
      await world.pack(b, 'pack-1000'),
      await world.pack(a, 'pack-1000'),
      `cs_${newId()}`,
    ];
    const attacker = await Attacker.connect(world.test, b);
    const call = (org: TestOrg): string =>
      `billing_stars.offer_checkout('${org.id}', '${mine.id}', 'stripe', '${reference}', null, null)`;
    for (const text of [
      `select ${call(b)}`,
      `select set_config('tenancy.entered', '${b.id}', true), ${call(b)}`,
      `select billing_stars.remember_payment('${reference}', '${b.id}', '${mine.id}')`,
      `insert into billing_stars.payment_references values ('${reference}', '${b.id}', '${mine.id}', now())`,
      `select billing_stars.pay('${b.id}', '${mine.id}', 'e', 'stripe', '${reference}', 1, 'EUR', 1, 'EUR', '${b.owner}')`,
    ])
      expect([text, (await attacker.commit(text)).code]).toEqual([text, '42501']);
    // An order that SQL makes names nothing but itself, and nothing that an operator or a provider says is about it.
    const forged = (id: string): string =>
      `select billing_stars.order_payment('${id}', 'pack', 'pack-1000', 1000, 1200, null, null, '${b.owner}') as outcome`;
    await a.as(() => world.orders.offer({ id: theirs.id, provider: 'stripe', reference, url: null, until: null }));
    // Nor does the answer say that there is another's of that id: it is none that can be paid, or that an operator means.
    for (const id of [newId(), theirs.id])
      expect((await attacker.commit(forged(id))).rows).toEqual([{ outcome: 'ordered' }]);
    const again = { id: theirs.id, provider: 'manual', reference: null, url: null, until: null };
    expect(await codeOf(b.as(() => world.orders.offer(again)))).toBe('state_conflict');
    const before = [await world.wallet(a), await world.wallet(b)] as const;
    // Nor is it another's where both were noted at once, and neither saw the other.
    expect(await codeOf(b.as(() => world.orders.offer({ ...again, id: mine.id, reference })))).toBe('state_conflict');
    await world.test.admin('insert into billing_stars.payment_references values ($1, $2, $3, clock_timestamp())', [
      reference,
      b.id,
      mine.id,
    ]);
    expect(await asPlatform(() => world.paymentRows.whose(reference))).toEqual({ orgId: a.id, paymentId: theirs.id });
    await world.confirm(theirs.id);
    expect((await world.wallet(a)).package_balance).toBe(before[0].package_balance + 1_000);
    expect(await world.wallet(b)).toEqual(before[1]);
    await attacker.close();
  });

  it('are noted by the platform for the organization it names, and lead to it (control)', async () => {
    const [mine, reference] = [await world.pack(b, 'pack-1000'), `cs_${newId()}`];
    const attacker = await Attacker.connect(world.test, a);
    const tag = new TagSigner(world.test.tagKey).sign(
      { scope: 'platform', orgId: null, actor: 'system:billing-stars', role: 'system', requestId: 'r' },
      Date.now(),
    );
    const { rows } = await attacker.commit(
      `select tenancy.carry('${tag}')`,
      `select billing_stars.offer_checkout('${b.id}', '${mine.id}', 'stripe', '${reference}', null, null) as outcome`,
    );
    await attacker.close();
    expect(rows).toEqual([{ outcome: 'offered' }]);
    expect(await asPlatform(() => world.paymentRows.whose(reference))).toEqual({ orgId: b.id, paymentId: mine.id });
    expect(
      await codeOf(
        a.as(() => world.orders.offer({ id: mine.id, provider: 'stripe', reference, url: null, until: null })),
      ),
    ).toBe('state_conflict');
  });
});
