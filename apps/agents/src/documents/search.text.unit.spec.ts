import { agentsMessages } from '@apollo/contracts';
import fc from 'fast-check';
import { looseQuery, searchText, titleCondition } from './search.text.js';
import { snippetOf } from './snippet.text.js';

describe('what is looked for', () => {
  it('has no case, no accents and no plurals that a dictionary would not know', () => {
    const pt = ['Promoções', 'ações', 'pães', 'papéis', 'animais', 'lençóis', 'homens', 'azuis', 'mais', 'leis'];
    expect(searchText(pt.join(' '), 'pt')).toBe('promocao acao pao papel animal lencol homem azul mais leis');
    expect(searchText('Años luces canciones mes tres', 'es')).toBe('ano luz cancione mes tre');
    expect(searchText('"Straße or Café" -ÉTÉ', 'en')).toBe('"straße or cafe" -ete');
  });

  it('is of a title each of its words, and nothing that PostgreSQL takes for an operator', () => {
    expect(titleCondition("Price-list: 'a' & !b | (c)", 'en')).toBe('price:A & list:A & a:A & b:A & c:A');
    expect(titleCondition('—!', 'en')).toBeNull();
    expect(looseQuery('"price list" -old')).toBe('price or list or old');
    expect(looseQuery('price')).toBeNull();
  });
});

describe('what is shown of a passage', () => {
  it('stands around the first word that was asked for, in whatever form', () => {
    const body = `${'Nothing here. '.repeat(40)}As promoções do mês acabam. ${'Nothing there. '.repeat(60)}`;
    const shown = snippetOf(body, 'promoção', 'pt');
    expect(shown).toContain('As promoções do mês acabam.');
    expect(shown).toMatch(/^….*…$/s);
    expect(snippetOf('A short one', 'x', 'en')).toBe('A short one');
    expect(snippetOf(body, 'crocodile', 'en')).toMatch(/^Nothing here/);
  });

  it('is never longer than it may be, nor empty', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1_500 }), fc.string(), (body, query) => {
        const said = snippetOf(`a${body}`, query, 'es');
        expect(said.length).toBeLessThanOrEqual(agentsMessages.LONGEST_SNIPPET);
        expect(said).not.toBe('');
        expect(said.isWellFormed()).toBe(true);
      }),
    );
  });
});
