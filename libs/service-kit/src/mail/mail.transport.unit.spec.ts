import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { MailTransport } from './mail.transport.js';

const mail = { to: 'a@example.test', subject: 'Welcome', text: 'A line.' };

describe('handing a mail to a server', () => {
  /** What the server answers, by the first word of a command; with what it usually does where there is none. */
  let answers: Record<string, string> = {};
  let said: string[] = [];
  let server: Server;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    server = createServer((socket) => {
      sockets.add(socket);
      socket.write(`${answers['GREETING'] ?? '220 here'}\r\n`);
      let isText = false;
      socket.setEncoding('utf8').on('error', () => undefined);
      socket.on('data', (data: string) => {
        for (const line of data.split('\r\n').slice(0, -1)) {
          said.push(line);
          if (isText && line !== '.') continue;
          const word = isText ? 'TEXT' : (line.split(/[ :]/)[0] ?? '').toUpperCase();
          isText = word === 'DATA' && answers['DATA'] === undefined;
          const usual = { EHLO: '250-here\r\n250 AUTH PLAIN', DATA: '354 go on', AUTH: '235 in', QUIT: '221 bye' }[
            word
          ];
          socket.write(`${answers[word] ?? usual ?? '250 taken'}\r\n`);
        }
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  beforeEach(() => {
    answers = {};
    said = [];
  });
  afterAll(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const port = (): number => (server.address() as AddressInfo).port;
  async function deliver(to = mail.to, user = ''): Promise<string> {
    const transport = new MailTransport(`smtp://${user}127.0.0.1:${port()}`, 'Kit <kit@example.test>');
    try {
      return await transport.deliver({ ...mail, to });
    } finally {
      await transport.close();
    }
  }

  it('sends it to its one recipient, from its sender, as text', async () => {
    expect(await deliver()).toBe('sent');
    expect(said).toEqual(expect.arrayContaining(['MAIL FROM:<kit@example.test>', 'RCPT TO:<a@example.test>']));
    expect(said).toEqual(
      expect.arrayContaining(['From: Kit <kit@example.test>', 'To: a@example.test', 'Subject: Welcome', 'A line.']),
    );
  });

  it('sends one to one address, however many somebody wrote into it', async () => {
    await deliver('a@example.test, b@example.test');
    expect(said.filter((line) => line.startsWith('RCPT')).join()).not.toContain('<a@example.test>');
    expect(said.filter((line) => line.startsWith('RCPT')).length).toBeLessThanOrEqual(1);
  });

  it('sends what it is given as text, and no file or page that it names', async () => {
    const transport = new MailTransport(`smtp://127.0.0.1:${port()}`, 'kit@example.test');
    for (const text of [{ path: fileURLToPath(import.meta.url) }, { href: 'http://127.0.0.1:1/' }])
      expect(await transport.deliver({ ...mail, text } as never)).not.toBe('sent');
    expect(said.join()).not.toContain('handing a mail to a server');
    await transport.close();
  });

  it('is told at once of an address that no command can be made of', async () => {
    expect(await deliver('')).toBe('refused');
  });

  it('says who it is where its URL does, as it is written there', async () => {
    expect(await deliver(mail.to, 'kit%40host:p%2Fw@')).toBe('sent');
    const proof = Buffer.from('\0kit@host\0p/w').toString('base64');
    expect(said).toContain(`AUTH PLAIN ${proof}`);
    said = [];
    expect(await deliver()).toBe('sent');
    expect(said.some((line) => line.startsWith('AUTH'))).toBe(false);
  });

  it.each<[string, Record<string, string>, string]>([
    ['has no such recipient', { RCPT: '550 no such person' }, 'refused'],
    ['will not have the text', { TEXT: '554 no' }, 'refused'],
    ['takes no text', { DATA: '500 no' }, 'refused'],
    ['might have the recipient later', { RCPT: '451 later' }, 'later'],
    ['might have the text later', { TEXT: '451 later' }, 'later'],
    ['lets nobody send', { MAIL: '550 not from you' }, 'later'],
    ['lets nobody in', { EHLO: '550 no', HELO: '550 no' }, 'later'],
  ])('tells what is for good from what is not where the server %s', async (_what, said, outcome) => {
    answers = said;
    expect(await deliver()).toBe(outcome);
  });

  it('tells that nobody could be asked', async () => {
    const none = new MailTransport('smtp://127.0.0.1:1', 'kit@example.test');
    expect(await none.deliver(mail)).toBe('unreachable');
    await none.close();
  });

  it('refuses a URL that is none at once, and has nothing to close before its first mail', async () => {
    expect(() => new MailTransport('nowhere', 'kit@example.test')).toThrow('Invalid URL');
    await expect(new MailTransport('smtp://127.0.0.1', 'kit@example.test').close()).resolves.toBeUndefined();
  });
});
