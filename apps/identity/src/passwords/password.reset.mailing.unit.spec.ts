import { createLogger, Mailer, MailSeal } from '@apollo/service-kit';
import { newId, runInTenantContext } from '@apollo/tenancy';
import type { Statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { AccountRepository } from '../accounts/account.repository.js';
import { IdentityMails } from '../mail/identity.mails.js';
import { SecretBox } from '../secrets/secret.box.js';
import { SecurityEventLog } from '../security-events/security.event.log.js';
import { PasswordRepository } from './password.repository.js';
import { PasswordResetLinks } from './password.reset.links.js';
import { PasswordResetMailing } from './password.reset.mailing.js';

const KEY = '5e'.repeat(32);
const KNOWN = { user_id: newId(), email: 'known@example.test', operator: false, may_create_orgs: false };

/** Notes what is sent to a directory in which `KNOWN` alone stands. */
class Noted {
  readonly sent: string[] = [];
  readonly mails: { id: string; sealed: string }[] = [];

  query = async (target: Statement<unknown, object>, params: Record<string, unknown>): Promise<unknown[]> => {
    this.sent.push(target.name);
    if ('sealed' in params) this.mails.push(params as unknown as (typeof this.mails)[number]);
    return Object.values(params).some((value) => value === KNOWN.email || value === KNOWN.user_id) ? [KNOWN] : [];
  };

  transaction = (work: (transaction: object) => Promise<unknown>): Promise<unknown> =>
    work({ defer: ({ name }: { name: string }) => this.sent.push(name), afterCommit: () => this.sent.push('at once') });
}

describe('what follows a request for a reset link', () => {
  async function followed(email: string): Promise<Noted> {
    const noted = new Noted();
    const database = noted as unknown as TenantDatabase;
    const mailer = new Mailer({
      service: 'identity',
      schema: 'identity',
      database,
      logger: createLogger('identity', 'silent'),
      smtpUrl: 'smtp://127.0.0.1:1',
      from: 'x@example.test',
      secretHex: KEY,
    });
    const box = new SecretBox(KEY);
    const clock = (): Date => new Date();
    const mailing = new PasswordResetMailing(
      database,
      new AccountRepository(database),
      new PasswordResetLinks(new PasswordRepository(database), box, clock),
      new SecurityEventLog(database, clock),
      new IdentityMails(mailer, 'http://apollo.test', box),
    );
    const anybody = {
      scope: 'platform',
      orgId: null,
      actor: 'anonymous',
      role: 'none',
      requestId: newId(),
    } as const;
    await runInTenantContext(anybody, () => mailing.mailTo(email, '192.0.2.1'));
    return noted;
  }
  const opened = ({ mails }: Noted) => Promise.all(mails.map(({ id, sealed }) => new MailSeal(KEY).open(id, sealed)));

  it('H14 is the same statements and seals for an address that nobody has, and begins no mail at once', async () => {
    const [known, unknown] = [await followed(KNOWN.email), await followed('nobody@example.test')];
    expect(known.sent).toEqual([
      'find account',
      'describe account',
      'set reset',
      'security events append',
      'identity.mails add',
    ]);
    expect(unknown.sent).toEqual(known.sent);
    expect((await opened(known)).map(({ to }) => to)).toEqual([KNOWN.email]);
    expect((await opened(unknown)).map(({ to }) => to)).toEqual(['']);
  });
});
