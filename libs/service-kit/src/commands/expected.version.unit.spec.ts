import { assertVersion } from './expected.version.js';

it('refuses a change of a version that the caller has not seen', () => {
  expect(() => assertVersion(2, 1)).toThrow(expect.objectContaining({ code: 'etag_mismatch' }));
  for (const expected of [2, undefined, null]) expect(() => assertVersion(2, expected)).not.toThrow();
});
