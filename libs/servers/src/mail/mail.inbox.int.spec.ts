import { request } from 'node:http';
import { createTransport } from 'nodemailer';
import { type MailInbox, startMailInbox } from './mail.inbox.js';

describe('the local inbox', () => {
  let inbox: MailInbox;

  beforeAll(async () => {
    inbox = await startMailInbox();
  });

  afterAll(async () => {
    await inbox.stop();
  });

  const send = async (mail: { to: string | string[]; subject: string; text?: string; html?: string }) => {
    const transport = createTransport(inbox.smtpUrl);
    try {
      await transport.sendMail({ from: 'platform@apollo.test', ...mail });
    } finally {
      transport.close();
    }
  };

  const list = async (query = '') =>
    (await (await fetch(`${inbox.url}/api/messages${query}`)).json()) as Record<string, unknown>[];

  it('gives out mails newest last, each with its links', async () => {
    await send({
      to: 'ada@example.test',
      subject: 'First',
      text: 'Open http://127.0.0.1:8080/activate?token=abc-1_2. Thanks!',
    });
    await send({
      to: 'ada@example.test',
      subject: 'Second – größer',
      html: '<p>Go <a href="https://example.test/x?a=1&amp;b=2">there</a></p>',
    });
    const mails = await list('?to=ADA@example.test');
    expect(mails.map(({ subject }) => subject)).toEqual(['First', 'Second – größer']);
    expect(mails[0]).toMatchObject({
      to: 'ada@example.test',
      text: expect.stringContaining('Open http'),
      links: ['http://127.0.0.1:8080/activate?token=abc-1_2'],
    });
    expect(mails[1]).toMatchObject({ links: ['https://example.test/x?a=1&b=2'] });
  });

  it('keeps each recipient’s mail under that address only', async () => {
    await send({ to: ['bo@example.test', 'cy@example.test'], subject: 'Both', text: 'hi' });
    expect(await list('?to=bo@example.test')).toHaveLength(1);
    expect(await list('?to=cy@example.test')).toHaveLength(1);
    expect(await list('?to=nobody@example.test')).toEqual([]);
  });

  it('finds mails on the page by any part of an address, and for programs by all of it', async () => {
    await send({ to: 'greta.part@example.test', subject: 'Found by a part', text: 'hi' });
    const shows = async (part: string) =>
      (await (await fetch(`${inbox.url}/?to=${encodeURIComponent(part)}`)).text()).includes('Found by a part');
    for (const part of ['greta', 'PART@', ' greta.part@example.test ', '@example', ''])
      expect([part, await shows(part)]).toEqual([part, true]);
    for (const part of ['gretel', 'other@example.test', 'Found'])
      expect([part, await shows(part)]).toEqual([part, false]);
    expect(await list('?to=greta')).toEqual([]);
  });

  it('shows mails as text with working links, and never runs what is in them', async () => {
    await send({
      to: 'eve@example.test',
      subject: '<img src=x onerror=1>',
      text: '"><script>1</script> https://ok.test/a?b=1&c=2, https://ok.test/"onclick=1 javascript:alert(1)',
    });
    const answer = await fetch(`${inbox.url}/?to=eve@example.test`);
    const html = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(html.match(/<script.*?>/g)).toEqual(['<script src="/inbox.js" defer>']);
    expect(html).not.toMatch(/<img|href="javascript/);
    expect(html).toContain('<a href="https://ok.test/a?b=1&amp;c=2" target="_blank"');
    expect(html).not.toContain('"onclick');
  });

  it('puts the searched address on the page as text', async () => {
    const html = await (await fetch(`${inbox.url}/?to=${encodeURIComponent('"><script>1</script>')}`)).text();
    expect(html.match(/<script.*?>/g)).toEqual(['<script src="/inbox.js" defer>']);
  });

  it('is never loaded anew under somebody who types, where scripts run', async () => {
    const html = await (await fetch(inbox.url)).text();
    expect(html.replaceAll(/<noscript>.*?<\/noscript>/g, '')).not.toContain('http-equiv');
    // What is replaced when a mail comes holds the mails and not the search field.
    expect(/<main>(.*)<\/main>/s.exec(html)?.[1]).not.toContain('<input');
    const script = await fetch(`${inbox.url}/inbox.js`);
    expect(script.headers.get('content-type')).toContain('text/javascript');
    expect(await script.text()).toContain("querySelector('main')");
    expect(script.headers.get('content-security-policy')).toContain("script-src 'self'");
  });

  it('answers nobody who calls it by a foreign name', async () => {
    const status = await new Promise((resolve, reject) => {
      request(
        { port: inbox.httpPort, host: '127.0.0.1', path: '/api/messages', headers: { host: 'attacker.test' } },
        (response) => {
          response.resume();
          resolve(response.statusCode);
        },
      )
        .once('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it('refuses writing over HTTP and mails that are too large', async () => {
    expect((await fetch(`${inbox.url}/api/messages`, { method: 'POST', body: 'x' })).status).toBe(405);
    await expect(send({ to: 'big@example.test', subject: 'Big', text: 'x'.repeat(1_100_000) })).rejects.toThrow(
      /size|552|bytes/i,
    );
    expect(await list('?to=big@example.test')).toEqual([]);
  });

  it('forgets the oldest mails when there are too many', async () => {
    const crowded = await startMailInbox();
    const transport = createTransport({ host: '127.0.0.1', port: crowded.smtpPort, pool: true });
    try {
      const to = Array.from({ length: 50 }, (_, i) => `r${i}@example.test`);
      for (let i = 0; i < 21; i++) await transport.sendMail({ from: 'a@b.test', to, subject: `Round ${i}`, text: 'x' });
    } finally {
      transport.close();
    }
    expect(crowded.messages()).toHaveLength(1_000);
    expect(crowded.messages()[0]?.subject).toBe('Round 1');
    await crowded.stop();
  });
});
