import { DomainError, identityMessages, validated } from '@apollo/contracts';
import { createLogger } from '@apollo/service-kit';
import { TenantDatabase } from '@apollo/tenancy/postgres';
import { newId, systemClock } from '@apollo/tenancy';
import { AccountRepository } from './accounts/account.repository.js';
import { AccountService } from './accounts/account.service.js';
import { operatorConfig } from './config.js';
import { unasked } from './context/person.context.js';
import { PasswordHasher } from './passwords/password.hasher.js';
import { PasswordRepository } from './passwords/password.repository.js';
import { PasswordService } from './passwords/password.service.js';
import { SecretBox } from './secrets/secret.box.js';
import { SecurityEventLog } from './security-events/security.event.log.js';
import { SessionDirectory } from './sessions/session.directory.js';

const logger = createLogger('identity', 'info');

/** Makes the address an operator, with an account where it has none. An account that is there keeps its password. */
async function createOperator(): Promise<void> {
  const { url, tagKey, sealingKey, ...operator } = operatorConfig();
  const { email, name, password } = validated(identityMessages.InvitedAccountRequest, {
    ...operator,
    name: 'Operator',
  });
  const database = new TenantDatabase({ url, tagKey, poolSize: 1 });
  const directory = new AccountRepository(database);
  const box = new SecretBox(sealingKey);
  const passwords = new PasswordService(
    directory,
    new PasswordRepository(database),
    new PasswordHasher(box),
    new SessionDirectory(database, box),
    systemClock,
  );
  const accounts = new AccountService(directory, passwords, new SecurityEventLog(database, systemClock), systemClock);
  try {
    const created = await unasked(async () => {
      const id = newId();
      const hash = await passwords.prepare(password, { id, email }, undefined);
      return database.transaction(async () => {
        const known = await directory.find(email);
        if (known === undefined) await accounts.create({ id, email, name, hash, mayCreateOrgs: true });
        await directory.makeOperator(known ?? id);
        return known === undefined;
      });
    });
    logger.info(
      { created },
      created ? 'operator created' : 'the account is an operator; its password was left as it is',
    );
  } finally {
    await database.close();
  }
}

createOperator().catch((error: unknown) => {
  const fields = error instanceof DomainError ? error.fields?.map(({ problem }) => problem).join(', ') : undefined;
  logger.fatal({ error: fields ?? (error instanceof Error ? error.message : String(error)) }, 'no operator created');
  process.exitCode = 1;
});
