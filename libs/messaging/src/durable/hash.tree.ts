import { hash } from 'node:crypto';

/*
 * A Merkle tree as RFC 9162, section 2.1, has it: leaves and nodes are hashed differently, so that none can pass for
 * the other. Whoever knows the root and a path can tell that a text is in the tree, and learns nothing of the others'
 * texts but hashes of them.
 */

const LEAF = Buffer.of(0);
const NODE = Buffer.of(1);
/** Steps of a path: enough for a million leaves. */
const LONGEST = 20;
const STEP = /^[lr][A-Za-z0-9_-]{43}$/;

/**
 * The way from a leaf to the root: of each neighbour whether it stands left or right, `l` or `r`, and its hash,
 * base64url.
 */
export type HashPath = readonly string[];

interface Branch {
  readonly hash: Buffer;
  readonly paths: readonly (readonly string[])[];
}

/** The tree over one or more texts. @returns its root, base64url, and each text's path */
export function hashTree(texts: readonly string[]): { root: string; paths: readonly HashPath[] } {
  let level = texts.map((text): Branch => ({ hash: leafOf(text), paths: [[]] }));
  while (level.length > 1) {
    const above: Branch[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const [left, right] = level.slice(at, at + 2) as [Branch, Branch?];
      above.push(right ? joined(left, right) : left);
    }
    level = above;
  }
  const [top] = level;
  if (!top) throw new Error('a hash tree has a leaf');
  return { root: top.hash.toString('base64url'), paths: top.paths };
}

/** The root, base64url, of the tree in which a text has this path; nothing when that is no path. */
export function rootOf(text: string, path: HashPath): string | undefined {
  if (path.length > LONGEST || !path.every((step) => STEP.test(step))) return undefined;
  const climb = (below: Buffer, step: string): Buffer => {
    const neighbour = Buffer.from(step.slice(1), 'base64url');
    return step.startsWith('l') ? nodeOf(neighbour, below) : nodeOf(below, neighbour);
  };
  return path.reduce(climb, leafOf(text)).toString('base64url');
}

function joined(left: Branch, right: Branch): Branch {
  const [toLeft, toRight] = [`l${left.hash.toString('base64url')}`, `r${right.hash.toString('base64url')}`];
  return {
    hash: nodeOf(left.hash, right.hash),
    paths: [...left.paths.map((path) => [...path, toRight]), ...right.paths.map((path) => [...path, toLeft])],
  };
}

function leafOf(text: string): Buffer {
  return hash('sha256', Buffer.concat([LEAF, Buffer.from(text)]), 'buffer');
}

function nodeOf(left: Buffer, right: Buffer): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer');
}
