/**
 * What Jest loads a spec file by where several are loaded by one: as it is, but for a `describe` named after the file
 * around all that follows its imports, so that what one does before and after its tests is none of another's business.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import swcJest from '@swc/jest';
import { init, parse } from 'es-module-lexer';

const itself = readFileSync(import.meta.filename);

/** @param {object} options of `@swc/jest` */
async function createTransformer(options) {
  await init;
  const swc = swcJest.createTransformer(options);
  return {
    ...swc,
    getCacheKey: (text, path, request) =>
      createHash('sha256')
        .update(swc.getCacheKey(text, path, request))
        .update(itself)
        .digest('hex'),
    process(text, path, request) {
      const made = swc.process(text, path, request);
      return { ...made, code: scoped(made.code, relative(request.config.rootDir, path)) };
    },
    async processAsync(text, path, request) {
      const made = await swc.processAsync(text, path, request);
      return { ...made, code: scoped(made.code, relative(request.config.rootDir, path)) };
    },
  };
}

/**
 * @param {string} code an ES module that imports first
 * @param {string} name
 * @returns {string} with every line where it was
 */
export function scoped(code, name) {
  const [imports] = parse(code);
  const end = imports.reduce((last, { d, se }) => (d === -1 ? Math.max(last, se) : last), 0);
  const from = code[end] === ';' ? end + 1 : end;
  return `${code.slice(0, from)} describe(${JSON.stringify(name)}, () => {${code.slice(from)}\n});`;
}

export default { createTransformer };
