import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { LOOPBACK } from '../process/port.js';
import { StartFailure } from '../start.failure.js';
import { type MailMessage, readMail } from './mail.message.js';
import { MAIL_SCRIPT, MAIL_STYLE, mailPage } from './mail.page.js';
import { MailStore } from './mail.store.js';

/** A mail larger than this many bytes is refused. */
const MAX_MAIL = 1_000_000;
const MAX_RECIPIENTS = 50;

/** Which ports to use; 0 or none takes a free one. */
export interface MailInboxOptions {
  readonly smtpPort?: number;
  readonly httpPort?: number;
}

/** The SMTP status with which a recipient is refused; undefined for one that is taken. */
export type RecipientJudge = (to: string) => number | undefined | Promise<number | undefined>;

/** A running inbox: everything sent to `smtpUrl` can be read at `url`. */
export interface MailInbox {
  /** For SMTP_URL. */
  readonly smtpUrl: string;
  /**
   * The page, which finds mails by a part of an address; `GET /api/messages?to=…` beside it gives those to exactly one
   * as JSON, newest last, for programs that wait for a mail of somebody's and of nobody else's.
   */
  readonly url: string;
  readonly smtpPort: number;
  readonly httpPort: number;
  messages(to?: string): readonly MailMessage[];
  /**
   * From now on asked, before a mail is taken, with which SMTP status its recipient is refused, if at all; it may take
   * its time.
   */
  judge(refusal: RecipientJudge): void;
  stop(): Promise<void>;
}

/** Starts an SMTP server that delivers nothing and keeps what it gets in memory, and a page to read it. */
export async function startMailInbox(options: MailInboxOptions = {}): Promise<MailInbox> {
  const store = new MailStore();
  let judge: RecipientJudge = () => undefined;
  const smtp = smtpServer(store, (to) => judge(to));
  const http = createServer({ maxHeaderSize: 8_192, requestTimeout: 10_000 }, (request, response) =>
    serve(store, request, response),
  );
  const smtpPort = await listen(smtp.listen(options.smtpPort ?? 0, LOOPBACK), 'SMTP');
  const httpPort = await listen(http.listen(options.httpPort ?? 0, LOOPBACK), 'mail page').catch(
    async (error: unknown) => {
      await closeSmtp(smtp);
      throw error;
    },
  );
  return {
    smtpUrl: `smtp://${LOOPBACK}:${smtpPort}`,
    url: `http://${LOOPBACK}:${httpPort}`,
    smtpPort,
    httpPort,
    messages: (to) => store.list(to),
    judge: (refusal) => {
      judge = refusal;
    },
    stop: async () => {
      await Promise.all([closeSmtp(smtp), closeHttp(http)]);
    },
  };
}

function smtpServer(store: MailStore, judge: RecipientJudge): SMTPServer {
  const server = new SMTPServer({
    name: 'localhost',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: MAX_MAIL,
    maxClients: 50,
    socketTimeout: 30_000,
    closeTimeout: 1_000,
    onRcptTo: ({ address }, session, done) => {
      if (session.envelope.rcptTo.length >= MAX_RECIPIENTS) return done(new Error('Too many recipients'));
      void Promise.resolve(judge(address)).then((responseCode) =>
        done(responseCode === undefined ? null : Object.assign(new Error('Not taken'), { responseCode })),
      );
    },
    onData: (stream, session, done) => void receive(store, stream, session).then(() => done(null), done),
  });
  // A client that hangs up in the middle of a sentence is its own problem.
  server.on('error', () => undefined);
  return server;
}

async function receive(store: MailStore, stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
  const receivedAt = new Date();
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (!stream.sizeExceeded) chunks.push(chunk);
  }
  if (stream.sizeExceeded) throw Object.assign(new Error(`A mail may have ${MAX_MAIL} bytes`), { responseCode: 552 });
  const recipients = session.envelope.rcptTo.map(({ address }) => address);
  for (const message of await readMail(Buffer.concat(chunks), recipients, receivedAt)) store.add(message);
}

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

function serve(store: MailStore, request: IncomingMessage, response: ServerResponse): void {
  const answer = (status: number, type: string, body: string) => {
    response.writeHead(status, { ...SECURITY_HEADERS, 'content-type': `${type}; charset=utf-8` });
    response.end(request.method === 'HEAD' ? undefined : body);
  };
  // Mails hold login links. A page on the web may point its own name at 127.0.0.1 and read what is here under
  // that name, so only our own names are answered.
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (host !== LOOPBACK && host !== 'localhost') return answer(421, 'text/plain', 'Open this page as 127.0.0.1.\n');
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return answer(405, 'text/plain', 'This page is for reading.\n');
  const url = URL.parse(request.url ?? '/', `http://${LOOPBACK}`);
  const to = url?.searchParams.get('to') || undefined;
  switch (url?.pathname) {
    case '/':
      return answer(200, 'text/html', mailPage(store.search(to ?? ''), to));
    case '/style.css':
      return answer(200, 'text/css', MAIL_STYLE);
    case '/inbox.js':
      return answer(200, 'text/javascript', MAIL_SCRIPT);
    case '/api/messages':
      return answer(200, 'application/json', JSON.stringify(store.list(to)));
    default:
      return answer(404, 'text/plain', 'There is nothing here.\n');
  }
}

function listen(server: NetServer | Server, what: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve((server.address() as AddressInfo).port));
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(new StartFailure(`The ${what} cannot listen: ${error.message}.`, { cause: error })),
    );
  });
}

function closeSmtp(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}

function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
