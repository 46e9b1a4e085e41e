/**
 * What a spec gets for `fast-check`: the library itself, whose properties draw the same examples in every run, so what
 * fails here fails for whoever looks into it, and what passed does not fail next week in somebody else's change. New
 * examples are looked for on purpose, with `APOLLO_SEED=clock npm test -- …` or a number in the place of `clock`; a
 * failure prints its seed.
 */
import fc from 'fast-check/itself';

const CHECKED = 20_261_129;

const wanted = process.env.APOLLO_SEED;
fc.configureGlobal({ seed: wanted === 'clock' ? Date.now() : wanted ? Number(wanted) : CHECKED });

export * from 'fast-check/itself';
export default fc;
