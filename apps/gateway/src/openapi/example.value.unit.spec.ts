import { ChangeMemberRole, CreateInvitation, schemaOf } from '@apollo/contracts';
import { exampleValue } from './example.value.js';

describe('an example', () => {
  it.each([CreateInvitation, ChangeMemberRole])('of $method makes nobody an Owner', ({ request }) => {
    expect(exampleValue(schemaOf(request), {})).toMatchObject({ role: 'member' });
  });
});
