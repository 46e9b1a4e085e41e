import { parseDeb822, parseOneLine } from './apt.sources.js';
import { debianMirror } from './nats.apt.js';
import { checksumOf } from './nats.archive.js';
import { compareVersions, isRecentNats } from './nats.version.js';

const DEB822 = `# the machine's own
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
# a comment between fields
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: https://other.example/apt
Suites: stable
Components: main
Enabled: no
`;

describe('apt sources', () => {
  it('reads the deb822 format, skipping comments and disabled stanzas', () => {
    expect(parseDeb822(DEB822)).toEqual([
      {
        uri: 'http://mirror.example/debian',
        suites: ['bookworm', 'bookworm-updates'],
        components: ['main', 'contrib'],
        signedBy: '/usr/share/keyrings/debian-archive-keyring.gpg',
      },
    ]);
  });

  it('drops a key that is written into the file, since it is no keyring of the archive', () => {
    const inline =
      'Types: deb\nURIs: http://m/debian\nSuites: trixie\nComponents: main\nSigned-By:\n -----BEGIN PGP\n .\n abc\n';
    expect(parseDeb822(inline)[0]?.signedBy).toBeUndefined();
  });

  it('reads the one-line format with and without options', () => {
    const text = [
      'deb http://m/debian bookworm main contrib # ours',
      '# deb http://commented/debian bookworm main',
      'deb-src http://m/debian bookworm main',
      'deb [arch=amd64 signed-by=/k.gpg] https://p/apt stable main',
    ].join('\n');
    expect(parseOneLine(text)).toEqual([
      { uri: 'http://m/debian', suites: ['bookworm'], components: ['main', 'contrib'], signedBy: undefined },
      { uri: 'https://p/apt', suites: ['stable'], components: ['main'], signedBy: '/k.gpg' },
    ]);
  });

  it('takes the mirror that serves the machine’s own release, and none on another system', () => {
    const sources = parseOneLine(
      'deb https://p/apt stable main\ndeb http://m/security bookworm-security main\ndeb http://m/debian bookworm main',
    );
    expect(debianMirror(sources, 'bookworm')?.uri).toBe('http://m/debian');
    expect(debianMirror(sources, undefined)).toBeUndefined();
    expect(debianMirror(parseOneLine('deb cdrom:[x]/ bookworm main'), 'bookworm')).toBeUndefined();
  });
});

describe('nats-server versions', () => {
  it('compares by number and accepts nothing older than 2.12', () => {
    expect(compareVersions('2.9.10', '2.10.0')).toBeLessThan(0);
    expect(isRecentNats('2.11.9')).toBe(false);
    expect(isRecentNats('2.12.0')).toBe(true);
    expect(isRecentNats('3.0.0')).toBe(true);
  });

  it('finds a file in a checksum list by its whole name only', () => {
    const list = 'aa  nats-v1-linux.tar.gz.asc\nbb *nats-v1-linux.tar.gz\n';
    expect(checksumOf('nats-v1-linux.tar.gz', list)).toBe('bb');
    expect(checksumOf('nats-v2-linux.tar.gz', list)).toBeUndefined();
  });
});
