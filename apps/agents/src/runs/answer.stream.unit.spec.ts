import { AnswerStream, GATHERED_MS, LARGEST_WHOLE } from './answer.stream.js';

const { jest } = import.meta;

describe('an answer as it comes', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function shown(isWatched = () => true) {
    const pieces: [string, number][] = [];
    const answer = new AnswerStream(
      isWatched,
      (piece, offset) => pieces.push([piece, offset]),
      () => Date.now(),
    );
    return { pieces, answer };
  }

  it('is shown at once, and then as it was gathered for a moment', () => {
    const { pieces, answer } = shown();
    ['Hel', 'lo', ' ', 'Ada'].forEach((text) => answer.add(text));
    expect(pieces).toEqual([['Hel', 0]]);
    jest.advanceTimersByTime(GATHERED_MS);
    expect(pieces.slice(1)).toEqual([['lo Ada', 3]]);
    jest.advanceTimersByTime(10 * GATHERED_MS);
    expect(pieces).toHaveLength(2);
  });

  it('is shown from its beginning now and then, for whoever came meanwhile, unless it is large by then', () => {
    const { pieces, answer } = shown();
    answer.add('a');
    jest.advanceTimersByTime(2_000);
    answer.add('b');
    expect(pieces.at(-1)).toEqual(['ab', 0]);
    answer.add('x'.repeat(LARGEST_WHOLE));
    jest.advanceTimersByTime(2_000);
    answer.add('end');
    expect(pieces.at(-1)).toEqual(['end', LARGEST_WHOLE + 2]);
    expect(pieces.filter(([, offset]) => offset === 0)).toHaveLength(2);
  });

  it('costs nothing where nobody watches, and is whole to whoever comes then', () => {
    let isWatched = false;
    const { pieces, answer } = shown(() => isWatched);
    answer.add('unseen ');
    jest.advanceTimersByTime(GATHERED_MS);
    expect(pieces).toEqual([]);
    isWatched = true;
    answer.add('seen');
    jest.advanceTimersByTime(GATHERED_MS);
    expect(pieces).toEqual([['unseen seen', 0]]);
  });

  it('shows nothing more once it has ended', () => {
    const { pieces, answer } = shown();
    answer.add('a');
    answer.add('b');
    answer.end();
    jest.advanceTimersByTime(1_000);
    expect(pieces).toEqual([['a', 0]]);
  });
});
