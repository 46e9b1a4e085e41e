import { readFileSync } from 'node:fs';
import { leadsMessages } from '@apollo/contracts';
import { DEFAULT_LIMITS } from './config.js';

describe('a file of an import', () => {
  it('may be as large at the guard as where it is stored, and as it is written', () => {
    expect(DEFAULT_LIMITS.uploadBytes).toBe(leadsMessages.IMPORT_BYTES);
    const page = readFileSync('docs/lead-imports.md', 'utf8');
    expect(page).toContain(`A file has at most ${leadsMessages.IMPORT_BYTES / 1024 / 1024} MiB`);
  });
});
