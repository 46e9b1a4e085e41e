/**
 * Has a worker of Jest compile each CommonJS module once: `node --import …`. Jest gives every spec file modules of its
 * own, and has V8 read the same frameworks again for each of them; what V8 made of a text is kept and handed back to
 * it, which checks it and leaves it aside where it does not fit.
 */
import vm from 'node:vm';

const { compileFunction } = vm;
/** What V8 made of a source text. */
const known = new Map();

vm.compileFunction = (code, params, options) => {
  const cachedData = known.get(code);
  if (cachedData) return compileFunction(code, params, { ...options, cachedData });
  const compiled = compileFunction(code, params, { ...options, produceCachedData: true });
  known.set(code, compiled.cachedData);
  return compiled;
};
