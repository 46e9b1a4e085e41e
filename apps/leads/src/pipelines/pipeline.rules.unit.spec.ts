import { DomainError, type leadsMessages } from '@apollo/contracts';
import fc from 'fast-check';
import { assertMayArchive, MOST_STAGES, placed, withChangedStage, withStage } from './pipeline.rules.js';

const stage = (id: string, archived = false): leadsMessages.Stage => ({
  id,
  name: id,
  position: 0,
  kind: 'open',
  archived,
});
const pipeline = (stages: leadsMessages.Stage[]): leadsMessages.Pipeline => ({
  id: 'p',
  name: 'P',
  is_default: false,
  archived: false,
  default_stage_id: 'a',
  stages: stages.map((each, position) => ({ ...each, position })),
  created_at: '',
  version: 1,
});
const names = (stages: readonly leadsMessages.Stage[]): string => stages.map(({ id }) => id).join('');

describe('stages', () => {
  const abc = pipeline([stage('a'), stage('b'), stage('c'), stage('z', true)]);

  it('are placed where asked, at the end when not asked or beyond it, before archived ones', () => {
    expect(names(placed(abc.stages, stage('n'), 1))).toBe('anbcz');
    expect(names(placed(abc.stages, stage('n')))).toBe('abcnz');
    expect(names(placed(abc.stages, stage('n'), 1000))).toBe('abcnz');
    expect(names(withChangedStage(abc, 'c', { position: 0 }, false))).toBe('cabz');
  });

  it('are numbered without gaps and lose nobody, whatever is moved where', () => {
    const move = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'z'),
      position: fc.option(fc.nat(1000), { nil: undefined }),
      archived: fc.option(fc.boolean(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(move), (moves) => {
        let current = abc;
        for (const { id, ...change } of moves) {
          if (id === 'a') delete change.archived;
          current = { ...current, stages: withChangedStage(current, id, change, false) };
          expect(current.stages.map(({ position }) => position)).toEqual([0, 1, 2, 3]);
          expect([...names(current.stages)].sort().join('')).toBe('abcz');
        }
      }),
    );
  });

  it('keep their place when only the name changes', () => {
    expect(withChangedStage(abc, 'b', { name: 'x' }, false).map(({ name }) => name)).toEqual(['a', 'x', 'c', 'z']);
  });

  it('are not archived while leads are there or while leads enter there', () => {
    expect(() => withChangedStage(abc, 'b', { archived: true }, true)).toThrow(
      expect.objectContaining({ code: 'in_use' }),
    );
    expect(() => withChangedStage(abc, 'a', { archived: true }, false)).toThrow(
      expect.objectContaining({ code: 'state_conflict' }),
    );
    expect(names(withChangedStage(abc, 'b', { archived: true }, false))).toBe('aczb');
    expect(names(withChangedStage(abc, 'z', { archived: false }, false))).toBe('abcz');
  });

  it('are at most a hundred', () => {
    const full = Array.from({ length: MOST_STAGES }, (_, index) => stage(`s${index}`));
    expect(() => withStage(full, stage('n'))).toThrow(DomainError);
  });

  it('of another pipeline are not found', () => {
    expect(() => withChangedStage(abc, 'q', {}, false)).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

describe('pipelines', () => {
  it('keep their default', () => {
    expect(() => assertMayArchive({ ...pipeline([]), is_default: true })).toThrow(DomainError);
    expect(() => assertMayArchive(pipeline([]))).not.toThrow();
  });
});
