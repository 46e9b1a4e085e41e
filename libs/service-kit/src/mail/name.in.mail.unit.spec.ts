import { nameInMail, nameInSubject } from './name.in.mail.js';

/** Of the links below, those to write to. */
const SOMEWHERE = ['mailto:you@evil.example', 'a\r\nBcc: x@y.z'];

describe('a name in a mail', () => {
  it.each(['Alpha', 'J. Smith & Sons Ltd.', 'Müller + Söhne', 'Łódź – 東京 (2)', "O'Neill, No. 7"])(
    'is shown as it is: %s',
    (name) => {
      expect(nameInSubject(name, 'x')).toBe(name);
      expect(nameInMail(name, 'x')).toBe(`"${name}"`);
    },
  );

  it.each([
    ['https://evil.example/a?b=c', 'https evil example a?b=c'],
    ['Pay at evil.example now', 'Pay at evil example now'],
    ['www.evil.example', 'www evil example'],
    ['evil．example／x', 'evil example x'],
    ['evil。example', 'evil example'],
    ['evil\u2024example', 'evil example'],
    ['mailto:you@evil.example', 'mailto you evil example'],
    ['evil.\u200bexample', 'evil. example'],
    ['a\r\nBcc: x@y.z', 'a Bcc x y z'],
    ['\u202egro.live', 'gro live'],
    ['a\u0000\u001b[31mb', 'a [31mb'],
    ['://', 'x'],
    ['y'.repeat(200), 'y'.repeat(80)],
  ])('has nothing of a link, and no control: %j', (name, shown) => {
    expect(nameInSubject(name, 'x')).toBe(SOMEWHERE.includes(name) ? 'x' : shown);
    expect(nameInMail(name, 'x')).toBe(shown === 'x' ? 'x' : `"${shown}"`);
  });

  it.each([
    'Apollo Security call +1 900 555 0100 now',
    'tel 004930123456',
    'Call 1–900–555–0100',
    'Call (0)30-123/45.67',
    '\u0661\u0662\u0663\u0664\u0665\u0666\u0667',
    'Call 1\u200b2\u200b3\u200b4\u200b5\u200b6\u200b7',
    'Pay 1 BTC to bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh',
    'me@evil',
    'me＠evil',
  ])('stands in no subject with a number to call, or somewhere to write or pay to: %j', (name) => {
    expect(nameInSubject(name, 'x')).toBe('x');
    expect(nameInMail(name, 'x')).toMatch(/^"[^"@]+"$/);
  });

  it.each(['Studio 54', 'Route 66, 2026', 'Donaudampfschifffahrtsgesellschaft', '24/7 Help 365'])(
    'stands in a subject with the figures that names have: %s',
    (name) => {
      expect(nameInSubject(name, 'x')).toBe(name.replace('/', ' '));
    },
  );

  it('ends no quotation but its own', () => {
    expect(nameInMail('a" now, „pay” «here»', 'x')).toBe("\"a' now, 'pay' 'here'\"");
  });
});
