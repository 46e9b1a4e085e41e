import { terminalLine } from './terminal.line.js';

describe('a line for a terminal', () => {
  it.each([
    ['begins another line', 'a\nb\r\nc', 'a\ufffdb\ufffd\ufffdc'],
    ['begins another line by a separator', 'a\u2028b\u2029c\u0085d', 'a\ufffdb\ufffdc\ufffdd'],
    ['is a command', '\u001b[2J\u009b1m\u0007', '\ufffd[2J\ufffd1m\ufffd'],
    ['turns the direction', 'a\u202egpj\u2066b\u2069\u200f', 'a\ufffdgpj\ufffdb\ufffd\ufffd'],
    ['hides what it says', 'a\u200bb\u00adc\u2060d\ufeffe\u{e0041}', 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffd'],
    [
      'fills without being seen',
      'a\u3164b\u115fc\u1160d\uffa0e\u2800f\u17b4g',
      'a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\ufffdg',
    ],
    ['selects another shape', 'a\ufe0fb\u{e0100}c\u180bd\u034fe', 'a\ufffdb\ufffdc\ufffdd\ufffde'],
    ['looks as nobody knows', 'a\ue000b\u{10fffd}c\uffffd', 'a\ufffdb\ufffdc\ufffdd'],
    ['covers what is around it', `a${'\u0301'.repeat(60)}b`, `a${'\u0301'.repeat(30)}b`],
    ['is half of a character', 'a\ud800b\udc00', 'a\ufffdb\ufffd'],
  ])('holds nothing that %s', (_what, text, shown) => {
    expect(terminalLine(text)).toBe(shown);
  });

  it('leaves letters of all kinds as they are', () => {
    const text = 'Łódź\u00a0東京\u3000😀 {"a": "u\u0308"} हिन्दी';
    expect(terminalLine(text)).toBe(text);
  });
});
