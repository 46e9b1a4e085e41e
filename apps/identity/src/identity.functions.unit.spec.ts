import { readFile } from 'node:fs/promises';
import { MOST_SESSIONS } from './sessions/session.rules.js';

describe('the functions of identity', () => {
  it('keep as many sessions of a person as the code says', async () => {
    const text = await readFile(new URL('../functions/sessions/open_session.sql', import.meta.url), 'utf8');
    expect(text).toContain(`offset ${MOST_SESSIONS}\n`);
  });
});
