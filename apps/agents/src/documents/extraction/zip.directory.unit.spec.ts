import { docxOf, zipOf } from '../document.files.spec.js';
import { UnreadableError } from './extraction.failure.js';
import { assertHonest, zipDirectory } from './zip.directory.js';

const failure = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error instanceof UnreadableError ? error.failure : error;
  }
};
const zeros = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024);

describe('the directory of an archive', () => {
  it('tells what is in it, before anything is unpacked', () => {
    const file = docxOf(['x']);
    expect(zipDirectory(file).map(({ name }) => name)).toEqual([
      '[Content_Types].xml',
      '_rels/.rels',
      'word/document.xml',
    ]);
    expect(failure(() => assertHonest(file, zipDirectory(file)))).toBeUndefined();
  });

  it('is refused where it says that more is unpacked than may be', () => {
    const file = zipOf([
      { name: 'a', data: zeros(51) },
      { name: 'b', data: zeros(51) },
    ]);
    expect(failure(() => zipDirectory(file))).toBe('too_costly');
    const many = zipOf(Array.from({ length: 10_001 }, (_, nth) => ({ name: `${nth}`, data: Buffer.from('x') })));
    expect(failure(() => zipDirectory(many))).toBe('too_costly');
  });

  it('is found out where it lies', () => {
    const smaller = zipOf([{ name: 'a', data: zeros(101), saidBytes: 10 }]);
    expect(failure(() => assertHonest(smaller, zipDirectory(smaller)))).toBe('too_costly');
    const larger = zipOf([{ name: 'a', data: Buffer.from('a'), saidBytes: 10 }]);
    expect(failure(() => assertHonest(larger, zipDirectory(larger)))).toBe('damaged');
  });

  it('is none where the file is cut short, or is nothing of the kind', () => {
    const file = docxOf(['x']);
    for (const end of [0, 10, 100, file.length - 1]) {
      const part = file.subarray(0, end);
      expect(failure(() => zipDirectory(part))).toBe('damaged');
    }
    const broken = Buffer.from(file);
    broken.writeUInt32LE(7, broken.length - 6);
    expect(failure(() => zipDirectory(broken))).toBe('damaged');
    broken.writeUInt32LE(0xffff_fff0, broken.length - 6);
    expect(failure(() => zipDirectory(broken))).toBe('damaged');
  });
});
