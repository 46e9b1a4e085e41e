import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { newId } from '@apollo/tenancy';
import { TagSigner } from '@apollo/tenancy/postgres';
import type { FaultScene } from './fault.kinds.js';

/** Rows that a process may stop over. */
export const LOCKED = ['a wallet', 'a lead', 'an organization'] as const;

/**
 * The statement that takes the lock of a row of an organization and changes nothing that anybody would see.
 * Of a wallet, the runtime role can only lock what a function of the money locks.
 */
function lockOf(target: string): { service: 'billing-stars' | 'leads' | 'orgs'; sql: string } {
  switch (target) {
    case 'a wallet':
      return { service: 'billing-stars', sql: "select billing_stars.release(gen_random_uuid(), 'system:agents')" };
    case 'a lead':
      return { service: 'leads', sql: 'select id from leads.leads order by id limit 1 for update' };
    default:
      return { service: 'orgs', sql: 'select id from orgs.organizations for update' };
  }
}

/** A process under a service's own role and tag locks a row in an open transaction, and is stopped there. */
export async function holdRowLock(
  { platform, orgs, numbers, note, missed }: FaultScene,
  target: string,
): Promise<() => Promise<void>> {
  const org = numbers.one(orgs);
  const { service, sql } = lockOf(target);
  const tag = new TagSigner(platform.tagKey(service)).sign(
    { scope: 'org', orgId: org.id, actor: 'system:agents', role: 'system', requestId: newId() },
    Date.now(),
  );
  const program = fileURLToPath(new URL('lock.program.js', import.meta.url));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'], env: { PATH: '' } });
  child.stdin.end(JSON.stringify({ url: platform.roleUrl(service, 'app'), tag, sql }));
  const ended = once(child, 'exit');
  const locked = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)]);
  note(locked ? `of ${org.slug}` : 'no lock was given');
  if (!locked) missed();
  child.kill('SIGSTOP');
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}
