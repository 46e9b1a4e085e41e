import { readFile } from 'node:fs/promises';
import { LARGEST_EVENT_BYTES, outboxFunctions } from './durable.tables.js';

describe('the functions of an outbox', () => {
  it('take events as large as the code says', async () => {
    const text = await readFile(new URL('write_event.sql', outboxFunctions), 'utf8');
    expect(text).toContain(`octet_length(payload) > ${LARGEST_EVENT_BYTES}\n`);
  });
});
