import { newId } from '@apollo/tenancy';
import { readDeadLetterWords } from './dead.letter.words.js';

const [organization, id] = [newId(), newId()];

describe('the words of a command for dead letters', () => {
  const address = { organization, id, option: undefined };

  it('say that all is to be listed, or handled anew', () => {
    expect(readDeadLetterWords(['list'])).toEqual({ verb: 'list' });
    expect(readDeadLetterWords(['replay', '--all'])).toEqual({ verb: 'replay-all' });
  });

  it('say what is to be done with which one thing', () => {
    for (const verb of ['show', 'replay'])
      expect(readDeadLetterWords([verb, organization, id])).toEqual({ action: { verb }, address });
    const given = readDeadLetterWords(['give-up', organization, id, ' too', 'old ']);
    expect(given).toEqual({ action: { verb: 'give-up', reason: 'too old' }, address });
  });

  it.each(['--job', '--event', '--event=orgs.org'])('say which of several by %s, which is no reason', (option) => {
    const named = { ...address, option };
    expect(readDeadLetterWords(['show', organization, id, option])).toEqual({
      action: { verb: 'show' },
      address: named,
    });
    const given = readDeadLetterWords(['give-up', organization, id, option, 'old']);
    expect(given).toEqual({ action: { verb: 'give-up', reason: 'old' }, address: named });
  });

  it.each([
    [[]],
    [['list', 'all']],
    [['replay', '--all', 'now']],
    [['show', '--all']],
    [['show', id]],
    [['show', 'kit', id]],
    [['show', organization, id, 'now']],
    [['show', organization, id, '--event=Orgs']],
    [['replay', organization, id, 'too old']],
    [['give-up', organization, id]],
    [['give-up', organization, id, '--job', ' ']],
    [['drop', organization, id]],
    [['drop', organization, id, 'too old']],
  ])('that are no command are answered with what may be said: %j', (words) => {
    expect(() => readDeadLetterWords(words)).toThrow(/^Say what to do: list \| show <organization> <id> /);
  });
});
