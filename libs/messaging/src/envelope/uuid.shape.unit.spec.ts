import { CreateLead, subjectOf } from '@apollo/contracts';
import { isUuid, newId } from '@apollo/tenancy';

describe('the form of an id', () => {
  const id = newId();
  it.each([
    id,
    id.toUpperCase(),
    id.replaceAll('-', ''),
    `${id}\n`,
    ` ${id}`,
    `{${id}}`,
    id.slice(1),
    `${id}0`,
    id.replace(/^./, 'g'),
    '*',
    '',
  ])('is one for contexts and for subjects: %j', (text) => {
    let isTaken = true;
    try {
      subjectOf(CreateLead, text);
    } catch {
      isTaken = false;
    }
    expect(isTaken).toBe(isUuid(text));
    expect(isTaken).toBe(text === id);
  });
});
