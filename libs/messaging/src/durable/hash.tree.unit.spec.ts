import { hashTree, rootOf } from './hash.tree.js';

/** The leaves of the test vectors of Certificate Transparency, whose bytes all are ASCII. */
const LEAVES = ['', '\x00', '\x10', ' !', '01', '@ABC', 'PQRSTUVW', '`abcdefghijklmno'];

describe('a hash tree', () => {
  it.each([
    [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'],
    [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [7, 'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c'],
    [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ])('of %i leaves has the root that RFC 9162 gives it', (count, root) => {
    expect(Buffer.from(hashTree(LEAVES.slice(0, count)).root, 'base64url').toString('hex')).toBe(root);
  });

  it.each([1, 2, 3, 5, 8, 200])('of %i leaves is reached from each of them, and from nothing else', (count) => {
    const texts = Array.from({ length: count }, (_, n) => `event ${n}`);
    const { root, paths } = hashTree(texts);
    expect(paths.map((path, at) => rootOf(texts[at] ?? '', path))).toEqual(texts.map(() => root));
    for (const [at, path] of paths.entries()) {
      expect(rootOf('another', path)).not.toBe(root);
      expect(rootOf(texts[at] ?? '', [...path, `l${root}`])).not.toBe(root);
      if (path.length > 0) expect(rootOf(texts[at] ?? '', path.slice(1))).not.toBe(root);
    }
  });

  it('does not take one of its nodes for a leaf', () => {
    const {
      root,
      paths: [[neighbour = ''] = []],
    } = hashTree(['a', 'b']);
    const [own, other] = [hashTree(['a']).root, neighbour.slice(1)].map((hash) => Buffer.from(hash, 'base64url'));
    expect(rootOf(Buffer.concat([own as Buffer, other as Buffer]).toString('latin1'), [])).not.toBe(root);
  });

  it.each([
    [['x']],
    [['l']],
    [['m'.padEnd(44, 'A')]],
    [[`r${'A'.repeat(42)}`]],
    [[`r${'A'.repeat(42)}=`]],
    [Array.from({ length: 21 }, () => 'l'.padEnd(44, 'A'))],
  ])('is not reached by what is no path: %j', (path) => {
    expect(rootOf('event', path)).toBeUndefined();
  });
});
