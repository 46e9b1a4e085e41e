import { WorkTurn } from './work.turn.js';

describe('a turn', () => {
  let seconds: number;
  let isWaitedFor: boolean;
  let turn: WorkTurn;

  beforeEach(() => {
    seconds = 0;
    isWaitedFor = true;
    turn = new WorkTurn(
      new AbortController().signal,
      () => isWaitedFor,
      () => seconds * 1_000,
    );
  });

  it('is over after a few seconds while others wait, and goes on while nobody does', () => {
    expect(turn.isOver).toBe(false);
    seconds = 6;
    expect(turn.isOver).toBe(true);
    isWaitedFor = false;
    expect(turn.isOver).toBe(false);
  });

  it('goes on for as long as it took to come to where a former one left the work', () => {
    seconds = 30;
    turn.arrived();
    seconds = 59;
    expect(turn.isOver).toBe(false);
    seconds = 61;
    expect(turn.isOver).toBe(true);
  });
});
