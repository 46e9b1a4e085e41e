import { nestLogger } from './nest.logger.js';
import type { Logger } from './index.js';

it('the framework is heard as the process itself is: its chatter where it is asked for, its errors without what they hold', () => {
  const lines: unknown[][] = [];
  const level =
    (name: string) =>
    (...given: unknown[]) =>
      void lines.push([name, ...given]);
  const logger = nestLogger({ debug: level('debug'), warn: level('warn'), error: level('error') } as unknown as Logger);
  logger.log('started');
  logger.warn('odd');
  logger.error('broken');
  logger.error(new TypeError('secret of somebody'));
  expect(lines).toEqual([
    ['debug', 'started'],
    ['warn', 'odd'],
    ['error', 'broken'],
    ['error', { error: expect.objectContaining({ name: 'TypeError' }) }, 'framework error'],
  ]);
  expect(JSON.stringify(lines)).not.toContain('secret');
});
