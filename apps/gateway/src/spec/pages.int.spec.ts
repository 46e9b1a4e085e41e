import { ShownPage } from './shown.page.spec.js';
import { World } from './world.spec.js';

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

type Answer = readonly [status: number, body: object];

const TOKEN = 't'.repeat(43);
const INVITED = { org_name: 'Acme', email: 'kim@example.com', role: 'member' };
const accept = `/v1/invitations/${TOKEN}/accept`;

/** A page behind a mailed link in somebody's hands, and what it has sent where. */
async function opened(
  path: string,
  {
    link = [200, INVITED],
    hash = `#token=${TOKEN}`,
    kept,
  }: { link?: Answer | 'no connection'; hash?: string; kept?: Map<string, string> } = {},
): Promise<{ page: ShownPage; sent: unknown[] }> {
  const sent: unknown[] = [];
  const answer = (method: string, to: string, body: { totp_code?: string }): Answer => {
    if (method === 'GET') {
      if (link === 'no connection') throw new Error(link);
      return link;
    }
    return to === '/v1/auth/login' && body.totp_code !== '123456'
      ? [401, { detail: 'A second factor is needed' }]
      : [200, { access_token: 'bearer', refresh_token: 'refresh' }];
  };
  const page = await ShownPage.open(
    (await world.ask('GET', path)).text,
    hash,
    async (to: string, { method, body }: { method: string; body?: string }) => {
      const content = JSON.parse(body ?? '{}') as object;
      if (method === 'POST') sent.push([to, content]);
      const [status, reply] = answer(method, to, content);
      return { ok: status < 300, status, json: async () => reply };
    },
    kept,
  );
  return { page, sent };
}

describe('the page of an invitation', () => {
  const who = { email: 'kim@example.com', password: 'correct horse battery' };

  it('lets somebody with a second factor in by its code, and says what is missing without', async () => {
    const { page, sent } = await opened('/invitations');
    await page.send('accept', { ...who, code: '' });
    expect(sent).toEqual([['/v1/auth/login', who]]);
    expect(page.said).toContain('A second factor is needed');
    expect(page.usable).toEqual(['join', 'accept']);
    await page.send('accept', { ...who, code: ' 123456 ' });
    expect(sent.slice(1, 3)).toEqual([
      ['/v1/auth/login', { ...who, totp_code: '123456' }],
      [accept, {}],
    ]);
    expect(page.said).toContain('You are in.');
  });

  it('fills in the address that is invited, which nobody can change', async () => {
    const { page, sent } = await opened('/invitations');
    expect(page.said).toContain('Acme invites kim@example.com as member.');
    const addresses = page.root.querySelectorAll('input[name=email]');
    expect(addresses.map(({ value, attributes }) => [value, attributes.has('readonly')])).toEqual([
      ['kim@example.com', true],
      ['kim@example.com', true],
    ]);
    await page.send('join', { name: 'Kim', password: 'correct horse battery', email: 'eve@example.com' });
    expect(sent).toEqual([[accept, { name: 'Kim', password: 'correct horse battery' }]]);
  });

  it.each([
    ['join', 'Welcome! You can sign in now.'],
    ['accept', 'You are in.'],
  ])('says after %s where to go, and offers nothing that is done', async (form, words) => {
    const { page } = await opened('/invitations');
    expect(page.said).not.toContain('documentation');
    await page.send(form, { ...who, name: 'Kim', code: '123456' });
    expect(page.usable).toEqual([]);
    expect(page.said).toBe(
      `You are invitedAcme invites kim@example.com as member.${words}The way in is the API: its documentation says how to sign in and what to do then.`,
    );
    const links = page.root.querySelectorAll('a').filter(({ isShown }) => isShown);
    expect(links.map(({ attributes }) => attributes.get('href'))).toEqual(['/docs']);
  });

  it('has what it says told and in focus, be it good or bad', async () => {
    const { page } = await opened('/invitations');
    for (const code of ['', '123456']) {
      await page.send('accept', { ...who, code });
      const { focused } = page;
      expect([focused?.attributes.get('role'), focused?.textContent]).toEqual([
        'status',
        code === '' ? 'A second factor is needed' : 'You are in.',
      ]);
    }
  });

  it.each<[string, Parameters<typeof opened>[1], string]>([
    ['was used', { link: [410, { detail: 'The link was used, replaced or has expired' }] }, 'The link was used,'],
    ['is not there', { hash: '' }, 'This page needs the link from your mail.'],
    ['cannot be asked about', { link: 'no connection' }, 'Please open the link in your mail again.'],
    ['is asked about too often', { link: [429, { detail: 'Too many requests' }] }, 'open the link in your mail again.'],
  ])('says of a link that %s just that, and shows no form', async (_what, how, words) => {
    const { page, sent } = await opened('/invitations', how);
    expect(page.said).toContain(words);
    expect([page.usable, sent]).toEqual([[], []]);
    expect([page.focused?.attributes.get('role'), page.focused?.className]).toEqual(['status', 'bad']);
  });

  it('asks for the code, and does not insist', async () => {
    const { text } = await world.ask('GET', '/invitations');
    const inputs = text.match(/<input[^>]*>/g) ?? [];
    expect(inputs.filter((input) => !/ (?:required|readonly)/.test(input))).toEqual([
      '<input name="code" type="text" autocomplete="one-time-code" maxlength="200">',
    ]);
    expect(inputs).toHaveLength(6);
  });
});

describe('each page behind a mailed link', () => {
  it.each([
    ['/activate', 'activate', 'Your account is ready. You can sign in now.'],
    ['/reset-password', 'reset', 'Your new password holds. You can sign in now.'],
  ])('%s says at the end where to go, and without its link shows no form', async (path, form, words) => {
    const { page } = await opened(path);
    await page.send(form, { name: 'Kim', password: 'correct horse battery' });
    expect([page.usable, page.focused?.textContent]).toEqual([[], words]);
    expect(page.said).toMatch(/its documentation says how to sign in/);
    const bare = await opened(path, { hash: '' });
    expect([bare.page.usable, bare.page.focused?.textContent]).toEqual([
      [],
      'This page needs the link from your mail.',
    ]);
  });

  it.each([
    ['/activate', 'activate'],
    ['/reset-password', 'reset'],
    ['/invitations', 'join'],
  ])('%s can be loaded again until it is used, and by its own link alone', async (path, form) => {
    const kept = new Map<string, string>();
    await opened(path, { kept });
    const { page, sent } = await opened(path, { kept, hash: '' });
    expect(page.usable).toContain(form);
    await page.send(form, { name: 'Kim', password: 'correct horse battery' });
    expect([sent.length, JSON.stringify(sent).includes(TOKEN), page.usable]).toEqual([1, true, []]);
    expect([...kept]).toEqual([]);
    expect((await opened(path, { kept, hash: '' })).page.said).toContain('This page needs the link from your mail.');
  });

  it.each(['/activate', '/reset-password', '/invitations'])('%s says that it needs JavaScript', async (path) => {
    expect((await world.ask('GET', path)).text).toMatch(/<noscript>.*This page needs JavaScript/);
  });
});
