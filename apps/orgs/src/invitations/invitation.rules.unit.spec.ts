import { ROLES } from '@apollo/contracts';
import { expiryOf, type LinkFacts, linkState, statusAt } from './invitation.rules.js';

const made = new Date('2026-03-01T10:00:00Z');
const expires = expiryOf(made);
const soon = new Date(made.getTime() + 1);
const facts: LinkFacts = {
  status: 'pending',
  expires_at: expires,
  role: 'member',
  inviterRole: 'owner',
  orgStatus: 'active',
};

describe('the rules of an invitation', () => {
  it('ends after seven days, at the millisecond', () => {
    expect(expires.toISOString()).toBe('2026-03-08T10:00:00.000Z');
    expect(statusAt(facts, new Date(expires.getTime() - 1))).toBe('pending');
    expect(statusAt(facts, expires)).toBe('expired');
  });

  it('calls an accepted, revoked or superseded one expired never', () => {
    for (const status of ['accepted', 'revoked', 'superseded'] as const) {
      expect(statusAt({ ...facts, status }, expires)).toBe(status);
      expect(linkState({ ...facts, status }, soon)).toBe('dead');
    }
  });

  it('is dead in an organization that is suspended or deleted (H12)', () => {
    expect(linkState({ ...facts, orgStatus: 'suspended' }, soon)).toBe('dead');
    expect(linkState({ ...facts, orgStatus: 'deleted' }, soon)).toBe('dead');
  });

  it('holds as long as the inviter could still invite to that role, whoever they have become', () => {
    for (const inviterRole of [...ROLES, null]) {
      for (const role of ROLES) {
        const able = inviterRole === 'owner' || (inviterRole === 'admin' && role !== 'owner');
        expect([inviterRole, role, linkState({ ...facts, inviterRole, role }, soon)]).toEqual([
          inviterRole,
          role,
          able ? 'open' : 'powerless',
        ]);
      }
    }
  });
});
