import TestSequencer from '@jest/test-sequencer';

/**
 * Spec files that wait more than they work, or bring up a platform of their own, the longest first. On a fresh checkout
 * Jest knows no durations and goes by size: one of these would then begin last and be waited for alone.
 */
export const SLOW = [
  'faults/faults.e2e',
  'faults/supervision.e2e',
  'releases/mixed.releases.e2e',
  'durable/inbox.poison.int',
  'imports/import.stopped.int',
  'imports/import.work.int',
  'work.poison.int',
  'invitations/invitation.mails.int',
  'postgres/fair.pool.int',
  'nest/message.guard.int',
];

/** A file that loads several spec files begins with its place among all of them. */
const GROUP = /\/(\d{3})\.[^/]*\.spec\.mjs$/;

/**
 * Jest's order of spec files, but for those that are known to take long: they begin first. Groups come in their own
 * order.
 */
export default class SlowFirst extends TestSequencer {
  /** @param {{ path: string }[]} tests */
  sort(tests) {
    const place = ({ path }) => {
      const group = GROUP.exec(path)?.[1];
      if (group !== undefined) return Number(group);
      const at = SLOW.findIndex((name) => path.endsWith(`/${name}.spec.ts`));
      return at < 0 ? SLOW.length : at;
    };
    return super.sort(tests).toSorted((one, other) => place(one) - place(other));
  }
}
