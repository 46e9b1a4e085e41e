import { createHmac } from 'node:crypto';
import { derivedKey } from '@apollo/service-kit';
import { newId } from '@apollo/tenancy';
import { InvitationTokens } from './invitation.token.js';

const SECRET = 'ab'.repeat(32);

describe('the secret of an invitation’s link', () => {
  const tokens = new InvitationTokens(SECRET);
  const invited = { org: newId(), id: newId(), email: 'invited@example.test', role: 'viewer' as const };

  it('proves one invitation of one organization, whatever another one writes under the same id (A32)', () => {
    const token = tokens.make(invited);
    expect(tokens.isFor(token, invited)).toBe(true);
    for (const other of [
      { org: newId() },
      { id: newId() },
      { email: 'another@example.test' },
      { role: 'owner' as const },
    ])
      expect(tokens.isFor(token, { ...invited, ...other })).toBe(false);
  });

  it('is of this service alone', () => {
    expect(new InvitationTokens('cd'.repeat(32)).isFor(tokens.make(invited), invited)).toBe(false);
    for (const token of ['', 'x'.repeat(43), Buffer.alloc(64, 7).toString('base64url')])
      expect(tokens.isFor(token, invited)).toBe(false);
  });

  it('is taken as the release before mailed it, without the organization, where it was mailed by then', () => {
    const [random, { id, email, role }] = [Buffer.alloc(32, 1), invited];
    const proof = createHmac('sha256', derivedKey(SECRET, 'invitation'))
      .update(random)
      .update(JSON.stringify([id, email, role]));
    const token = Buffer.concat([random, proof.digest()]).toString('base64url');
    expect(tokens.isFor(token, invited, true)).toBe(true);
    expect(tokens.isFor(token, invited)).toBe(false);
    expect(tokens.isFor(token, { ...invited, id: newId() }, true)).toBe(false);
  });
});
