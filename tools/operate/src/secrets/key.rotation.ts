import { randomBytes } from 'node:crypto';
import { StartFailure } from '@apollo/servers';
import { newKey, newNkey, newSigningKey, type Secrets } from './secrets.store.js';

/**
 * Steps of an exchange of keys. What each changes must have reached every process, one after the other, before the
 * next.
 */
export const ROTATION_STEPS = ['begin', 'switch', 'finish'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

/**
 * Exchanges the keys of one service, for NATS and for its signatures, in three steps: `begin` makes a new pair that all
 * others get to know, `switch` has the service use it, `finish` has everybody forget the old one. Old and new are valid
 * together from the first step to the last. A second `switch` goes back to the old one.
 *
 * @returns what is so now and what comes next, for the operator
 * @throws StartFailure for a step out of turn, or a service that has no keys
 */
export async function rotateKeys(secrets: Secrets, step: RotationStep, service: string): Promise<string> {
  const nats = secrets.natsKeys[service];
  const context = secrets.contextKeys[service];
  if (nats === undefined || context === undefined) throw new StartFailure(`${service} is no service that has keys.`);
  const other = secrets.otherKeys[service];
  refuseOutOfTurn(step, service, 'keys', other);
  if (other === undefined) {
    const id = `${service}.${randomBytes(6).toString('hex')}`;
    secrets.otherKeys[service] = { nats: newNkey(), context: await newSigningKey(id), isNew: true };
    return `${service} has new keys beside those that it uses. Once NATS and every other service know them: rotate switch ${service}.`;
  }
  if (step === 'finish') {
    delete secrets.otherKeys[service];
    return `The former keys of ${service} are forgotten. They are worth nothing once NATS and every other service have been told; readers of events keep the public one for what it has sealed.`;
  }
  secrets.natsKeys[service] = other.nats;
  secrets.contextKeys[service] = other.context;
  secrets.otherKeys[service] = { nats, context, ...(!other.isNew && { isNew: true }) };
  return `${service} uses its ${other.isNew ? 'new' : 'former'} keys from its next start on. Once all of its replicas do: rotate ${other.isNew ? 'finish' : 'switch'} ${service}.`;
}

/**
 * Exchanges the tag key of one service in the same steps, between which the database is prepared for it, or its
 * replicas are started again: a database that is prepared knows both keys from the first step to the last.
 *
 * @returns what is so now and what comes next, for the operator
 * @throws StartFailure for a step out of turn, or a service that has no tag key
 */
export function rotateTagKey(secrets: Secrets, step: RotationStep, service: string): string {
  const key = secrets.tagKeys[service];
  if (key === undefined) throw new StartFailure(`${service} is no service that has a tag key.`);
  const other = secrets.otherTagKeys[service];
  refuseOutOfTurn(step, service, 'tag keys', other);
  if (other === undefined) {
    secrets.otherTagKeys[service] = { key: newKey(), isNew: true };
    return `${service} has a new tag key beside the one that it uses. Once the database is prepared for ${service}: tag-key switch ${service}.`;
  }
  if (step === 'finish') {
    delete secrets.otherTagKeys[service];
    return `The former tag key of ${service} is forgotten. It is worth nothing once the database is prepared for ${service}.`;
  }
  secrets.tagKeys[service] = other.key;
  secrets.otherTagKeys[service] = { key, ...(!other.isNew && { isNew: true }) };
  return `${service} uses its ${other.isNew ? 'new' : 'former'} tag key from its next start on. Once all of its replicas do: tag-key ${other.isNew ? 'finish' : 'switch'} ${service}.`;
}

/** All tag keys of a service that the database has to know, the one that it uses first; none of one that has none. */
export function tagKeysOf(secrets: Secrets, service: string): string[] {
  return [secrets.tagKeys[service], secrets.otherTagKeys[service]?.key].filter((key) => key !== undefined);
}

function refuseOutOfTurn(
  step: RotationStep,
  service: string,
  what: string,
  other: { readonly isNew?: boolean } | undefined,
): void {
  if (step === 'begin') {
    if (other !== undefined)
      throw new StartFailure(`The ${what} of ${service} are being exchanged already: finish that first.`);
    return;
  }
  if (other === undefined)
    throw new StartFailure(`The ${what} of ${service} are not being exchanged: begin with that.`);
  if (step === 'finish' && other.isNew)
    throw new StartFailure(`${service} does not use its new ${what} yet: switch to them first.`);
}
