import { writeFileSync } from 'node:fs';
import { asyncApiDocument } from './asyncapi.document.js';
import { messageTable } from './message.table.js';
import { writeMissingGoldens } from './golden.files.js';

// `npm run contracts`: what is generated from the contracts and committed.
const written = writeMissingGoldens();
writeFileSync(new URL('../../../../docs/messages.md', import.meta.url), messageTable());
writeFileSync(new URL('../../../../docs/asyncapi.json', import.meta.url), asyncApiDocument());
process.stdout.write(`${written.length} golden messages written, docs/messages.md and docs/asyncapi.json renewed\n`);
