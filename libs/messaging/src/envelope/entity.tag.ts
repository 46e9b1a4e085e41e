import { hash } from 'node:crypto';

/** Characters of the hash in a tag; nobody gains by finding another object with the same. */
const HASH_LENGTH = 11;
const shape = /^"([1-9]\d{0,9})-[\w-]{11}"$/;

/**
 * A version of an object, and the fields that tell the object from the others of its place, in requests and replies
 * alike.
 */
export interface VersionedObject {
  readonly version?: number;
  readonly id?: unknown;
  readonly user_id?: unknown;
  readonly layer?: unknown;
  readonly agent_id?: unknown;
  readonly person_id?: unknown;
}

/**
 * The entity tag (RFC 9110) of a version of an object: `"<version>-<hash>"`, the hash over place, object and version.
 * So the tag of one object is none of any other's, nor of the same name in another organization.
 *
 * @param place the organization; `self` or `platform` for what belongs to none
 */
export function entityTag(place: string, object: VersionedObject): string {
  const version = String(object.version);
  return `"${version}-${hash('sha256', JSON.stringify([place, keyOf(place, object), version]), 'base64url').slice(0, HASH_LENGTH)}"`;
}

/** The version that a tag names of this object; undefined for the tag of another one, or none of ours. */
export function versionOfTag(tag: string, place: string, object: VersionedObject): number | undefined {
  const version = Number(shape.exec(tag)?.[1]);
  return entityTag(place, { ...object, version }) === tag ? version : undefined;
}

/** What a cap is for, a member's person, an id; what has none of these is the organization itself. */
function keyOf(place: string, { layer, agent_id, person_id, user_id, id }: VersionedObject): unknown {
  if (layer !== undefined) return [layer, agent_id ?? null, person_id ?? null];
  return user_id ?? id ?? place;
}
