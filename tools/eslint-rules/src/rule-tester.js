import parser from '@typescript-eslint/parser';
import { RuleTester } from 'eslint';

/** Runs a rule over TypeScript sources, each case as a test of its own. */
export const ruleTester = new RuleTester({ languageOptions: { parser, ecmaVersion: 2024, sourceType: 'module' } });

/**
 * Invalid cases from sources, each with the message it must give.
 *
 * @param {string} messageId
 * @param {readonly string[]} sources
 */
export function refused(messageId, sources) {
  return sources.map((code) => ({ code, errors: [{ messageId }] }));
}
