import { childEnvironment } from './config.js';

describe('what a child process inherits', () => {
  it('hands on no stray variable of the shell', () => {
    const environment = childEnvironment({
      PATH: '/bin',
      PGPASSWORD: 'x',
      NODE_OPTIONS: '--inspect',
      DATABASE_URL: 'y',
      https_proxy: 'z',
    });
    expect(environment).toEqual({ PATH: '/bin', https_proxy: 'z', LC_ALL: 'C' });
  });
});
