import { isOfLaterRelease } from '../config.js';

/**
 * Loaded by `--import` ahead of a program: makes the process one of a later release, where it is to be one. The
 * contracts come first, because what is loaded next reads them.
 */
if (isOfLaterRelease()) {
  const { growContracts } = await import('./later.contracts.js');
  growContracts();
  const { playLaterRelease: conductLater } = await import('./later.process.js');
  conductLater();
}
