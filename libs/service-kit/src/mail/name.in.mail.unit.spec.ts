import { nameInMail } from './name.in.mail.js';

describe('a name in a mail', () => {
  it.each(['Alpha', 'J. Smith & Sons Ltd.', 'Müller + Söhne', 'Łódź – 東京 (2)', "O'Neill, No. 7"])(
    'is shown as it is: %s',
    (name) => {
      expect(nameInMail(name, 'x')).toBe(name);
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
    ['x'.repeat(200), 'x'.repeat(80)],
  ])('has nothing of a link, and no control: %j', (name, shown) => {
    expect(nameInMail(name, 'x')).toBe(shown);
  });
});
