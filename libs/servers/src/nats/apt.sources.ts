import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One place the machine's apt gets packages from. */
export interface AptSource {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** An absolute path of a keyring, when the entry names one. */
  readonly signedBy: string | undefined;
}

/** Reads all sources of a machine, in both formats; an unreadable file counts as none. */
export async function readAptSources(folder = '/etc/apt'): Promise<AptSource[]> {
  const parts = join(folder, 'sources.list.d');
  const names = await readdir(parts).catch(() => []);
  const files = [join(folder, 'sources.list'), ...names.sort().map((name) => join(parts, name))];
  const parsed = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(file, 'utf8').catch(() => '');
      if (file.endsWith('.sources')) return parseDeb822(text);
      return file.endsWith('.list') ? parseOneLine(text) : [];
    }),
  );
  return parsed.flat();
}

/** The one-line format: `deb [arch=amd64 signed-by=/path] uri suite component…`. */
export function parseOneLine(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
    if (match === null) return [];
    const [, options = '', uri = '', suite = '', components = ''] = match;
    return [
      { uri, suites: [suite], components: words(components), signedBy: keyring(/signed-by=(\S+)/.exec(options)?.[1]) },
    ];
  });
}

/** The deb822 format: stanzas of `Field: value` with continuation lines. */
export function parseDeb822(text: string): AptSource[] {
  const withoutComments = text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');
  return withoutComments.split(/\n\s*\n/).flatMap((stanza) => {
    const fields = new Map(
      stanza
        .replace(/\n[ \t]+/g, ' ')
        .split('\n')
        .map((line): [string, string] => [
          line.slice(0, line.indexOf(':')).trim().toLowerCase(),
          line.slice(line.indexOf(':') + 1).trim(),
        ]),
    );
    if (!words(fields.get('types')).includes('deb') || fields.get('enabled')?.toLowerCase() === 'no') return [];
    const shared = {
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      signedBy: keyring(fields.get('signed-by')),
    };
    return words(fields.get('uris')).map((uri) => ({ uri, ...shared }));
  });
}

/** A key given inline is of no use for another suite; only files are kept. */
function keyring(value: string | undefined): string | undefined {
  const first = words(value)[0];
  return first?.startsWith('/') ? first : undefined;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter(Boolean);
}
