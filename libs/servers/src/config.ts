import { homedir } from 'node:os';
import { join } from 'node:path';

const INHERITED =
  /^(PATH|HOME|USER|LOGNAME|TZ|TMPDIR|LD_LIBRARY_PATH|SSL_CERT_FILE|NODE_EXTRA_CA_CERTS|(https?|no|all)_proxy)$/i;

/**
 * What a child process inherits: the few variables that programs need to run at all. Nothing else, so that
 * a `PGPASSWORD` or a `NODE_OPTIONS` of the calling shell does not change how the platform behaves.
 */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => INHERITED.test(entry[0]) && entry[1] !== undefined,
  );
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/** The folders programs are looked for in; the system ones that a user's PATH often lacks come last. */
export function programFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const own = (env['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return [...new Set([...own, '/usr/local/sbin', '/usr/sbin', '/sbin'])];
}

/** The per-user folder in which downloaded programs are kept between clones. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'apollo-space');
}
