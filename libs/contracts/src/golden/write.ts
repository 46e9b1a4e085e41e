import { writeFileSync } from 'node:fs';
import { messageTable } from './message.table.js';
import { writeMissingGoldens } from './golden.files.js';

// `npm run contracts`: what is generated from the contracts and committed.
const written = writeMissingGoldens();
writeFileSync(new URL('../../../../docs/messages.md', import.meta.url), messageTable());
process.stdout.write(`${written.length} golden messages written, docs/messages.md renewed\n`);
