import { networksOf } from './client.origin.js';

describe('a client’s network', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::9', '2001:db8:1:3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['not an address', 'not an address'],
    ['', ''],
  ])('of %s is %s', (address, network) => {
    expect(networksOf(address)[0].name).toBe(network);
  });
});

describe('the networks that may be one client’s', () => {
  it('are its address, or its line, its site and what a provider gives to anybody', () => {
    expect(networksOf('192.0.2.7')).toEqual([{ name: '192.0.2.7', shares: 1 }]);
    expect(networksOf('2001:db8:12ff:34ff::9')).toEqual([
      { name: '2001:db8:12ff:34ff::/64', shares: 1 },
      { name: '2001:db8:12ff:3400::/56', shares: 2 },
      { name: '2001:db8:12ff:0::/48', shares: 4 },
    ]);
    expect(networksOf('2001:db8:12ff:3400::9')[1]).toEqual(networksOf('2001:db8:12ff:34ff::9')[1]);
    expect(networksOf('2001:db8:12ff:0::9')[2]).toEqual(networksOf('2001:db8:12ff:34ff::9')[2]);
    expect(networksOf('2001:db8:1300::')[2]).not.toEqual(networksOf('2001:db8:12ff::')[2]);
  });
});
