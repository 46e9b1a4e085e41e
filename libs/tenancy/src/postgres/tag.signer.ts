import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { systemClock } from '../context/clock.js';
import type { TenantContext } from '../context/tenant.context.js';

/** Seconds a tag stays valid. Longer than any statement may run, short enough that a tag seen in a log is useless. */
export const TAG_LIFETIME_SECONDS = 60;

/** Makes the signed session tag that `tenancy.org_id()` in the database verifies. */
export class TagSigner {
  /** A key object: given bytes, Node takes about ten times as long for each mac. */
  private readonly key: KeyObject;
  private last?: { context: TenantContext; second: number; tag: string };

  /**
   * @param keyHex the service's tag key, 64 hex digits; its twin lies in `tenancy.tag_keys`, where no runtime role can
   *   read it
   * @throws Error when the key is not 32 bytes
   */
  constructor(keyHex: string) {
    if (!/^[0-9a-f]{64}$/i.test(keyHex)) {
      throw new Error('TENANCY_TAG_KEY must be 64 hex digits');
    }
    this.key = createSecretKey(keyHex, 'hex');
  }

  /** `scope.org.actor.expiry.mac` for a context; `-` stands for an absent org or nobody known. */
  sign(context: TenantContext, nowMs = systemClock().getTime()): string {
    const second = Math.floor(nowMs / 1000);
    if (this.last?.context === context && this.last.second === second) {
      return this.last.tag;
    }
    const actor = context.actor === 'anonymous' ? '-' : context.actor;
    const claims = `${context.scope}.${context.orgId ?? '-'}.${actor}.${second + TAG_LIFETIME_SECONDS}`;
    const tag = `${claims}.${createHmac('sha256', this.key).update(claims).digest('hex')}`;
    this.last = { context, second, tag };
    return tag;
  }
}
