import { setImmediate as turn } from 'node:timers/promises';
import { createContext, runInContext } from 'node:vm';
import { World } from './world.spec.js';

/** What a page's script sees of its form: what was typed, and who waits for it to be sent. */
class TypedForm {
  said = '';
  private send: (event: { preventDefault(): void }) => Promise<void> = async () => undefined;

  constructor(readonly typed: Readonly<Record<string, string>>) {}

  addEventListener(_kind: string, send: typeof this.send): void {
    this.send = send;
  }

  querySelector(what: string): object {
    return what === 'button'
      ? {}
      : Object.defineProperty({}, 'textContent', { set: (said: string) => (this.said = said) });
  }

  querySelectorAll(): [] {
    return [];
  }

  submit(): Promise<void> {
    return this.send({ preventDefault: () => undefined });
  }
}

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());

describe('the page of an invitation', () => {
  /** Has somebody sign in and join on the page. @returns what was sent where, and what the page said at last */
  async function joining(typed: Record<string, string>): Promise<{ sent: unknown[]; said: string }> {
    const { text } = await world.ask('GET', '/invitations');
    const script = /<script>([^]*)<\/script>/.exec(text)?.[1] ?? '';
    const sent: unknown[] = [];
    const [accept, join] = [new TypedForm(typed), new TypedForm({})];
    const answer = (path: string, body: { totp_code?: string }): [number, object] =>
      path === '/v1/auth/login' && body.totp_code !== '123456'
        ? [401, { detail: 'A second factor is needed' }]
        : [200, { access_token: 'bearer', refresh_token: 'refresh' }];
    const page = createContext({
      location: { hash: `#token=${'t'.repeat(43)}`, pathname: '/invitations', search: '' },
      history: { replaceState: () => undefined },
      document: {
        getElementById: (id: string) => (id === 'accept' ? accept : id === 'join' ? join : {}),
        querySelectorAll: () => [],
      },
      FormData: class {
        constructor(readonly form: TypedForm) {}
        *[Symbol.iterator]() {
          yield* Object.entries(this.form.typed);
        }
      },
      URLSearchParams,
      decodeURIComponent,
      encodeURIComponent,
      fetch: async (path: string, { method, body }: { method: string; body?: string }) => {
        const content = JSON.parse(body ?? '{}') as object;
        if (method === 'POST') sent.push([path, content]);
        const [status, reply] = answer(path, content);
        return { ok: status < 300, status, json: async () => reply };
      },
    });
    runInContext(script, page);
    await accept.submit();
    await turn();
    return { sent, said: accept.said };
  }
  const who = { email: 'kim@example.com', password: 'correct horse battery' };
  const accepted = [`/v1/invitations/${'t'.repeat(43)}/accept`, {}];

  it('lets somebody with a second factor in by its code, and says what is missing without', async () => {
    const { sent, said } = await joining({ ...who, code: ' 123456 ' });
    expect(sent.slice(0, 2)).toEqual([['/v1/auth/login', { ...who, totp_code: '123456' }], accepted]);
    expect(said).toBe('You are in.');
    expect(await joining({ ...who, code: '' })).toEqual({
      sent: [['/v1/auth/login', who]],
      said: 'A second factor is needed',
    });
  });

  it('asks for the code, and does not insist', async () => {
    const { text } = await world.ask('GET', '/invitations');
    const inputs = text.match(/<input[^>]*>/g) ?? [];
    expect(inputs.filter((input) => !input.includes(' required'))).toEqual([
      '<input name="code" type="text" autocomplete="one-time-code" maxlength="200">',
    ]);
    expect(inputs).toHaveLength(5);
  });
});
