import { writeFileSync } from 'node:fs';
import { asyncApiDocument } from './asyncapi.document.js';
import { messageTable } from './message.table.js';
import { writeMissingGoldens } from './golden.files.js';
import { writeReleased } from './released.file.js';

// `npm run contracts`: what is generated from the contracts and committed; with `-- --release`, what the next versions
// are held to.
if (process.argv.includes('--release')) writeReleased();
const written = writeMissingGoldens();
writeFileSync(new URL('../../../../docs/messages.md', import.meta.url), messageTable());
writeFileSync(new URL('../../../../docs/asyncapi.json', import.meta.url), asyncApiDocument());
process.stdout.write(`${written.length} golden messages written, docs/messages.md and docs/asyncapi.json renewed\n`);
