import { hasSavedTwice, savedOnce, DoubleEncodingDetector } from './double.encoding.js';

const isTwice = (...pieces: string[]): boolean => {
  const detector = new DoubleEncodingDetector();
  for (const piece of pieces) detector.add(piece);
  return detector.result(true);
};

describe('UTF-8 that was saved twice', () => {
  it('is read as it was', () => {
    expect(savedOnce('JosÃ©, MÃ¼ller â€“ â‚¬5')).toBe('José, Müller – €5');
    expect(savedOnce('São, ÇÃO, Straße, 山田')).toBe('São, ÇÃO, Straße, 山田');
  });

  it('is told from what only looks a little so', () => {
    expect(isTwice('JosÃ©')).toBe(true);
    expect(isTwice('JosÃ', '© MÃ', '¼ller')).toBe(true);
    expect(isTwice('\ufeffJosÃ©')).toBe(true);
    for (const text of ['JosÃ© und Jürgen', 'AÇÃO', 'SÃO', 'José', 'Ada', 'JosÃ'])
      expect([text, isTwice(text)]).toEqual([text, false]);
  });

  it('is told where only some of it was', () => {
    expect(hasSavedTwice('JosÃ© und Jürgen')).toBe(true);
    expect(hasSavedTwice('AÇÃO, José')).toBe(false);
  });
});
