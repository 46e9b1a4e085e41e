import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { CATALOG, GetOrg } from '@apollo/contracts';
import { Controller, Get, Module, Res } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { World } from './world.spec.js';

@Controller()
class DebugController {
  @Get('/debug/heap')
  @ApiExcludeEndpoint()
  heap(@Res() reply: FastifyReply): void {
    reply.send('');
  }
}

@Module({ controllers: [DebugController] })
class DebugModule {}

interface Operation {
  operationId: string;
  responses: Record<string, unknown>;
  security?: unknown[];
  parameters?: { name: string; in: string; description?: string }[];
  requestBody?: { content: Record<string, { schema: object }> };
}

let world: World;
let document: {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: object };
};
beforeAll(async () => {
  world = await World.start();
  document = (await world.ask('GET', '/openapi.json')).json as never;
});
afterAll(() => world?.stop());

const operations = (): Operation[] => Object.values(document.paths).flatMap((verbs) => Object.values(verbs));

describe('the OpenAPI document (H32)', () => {
  it('does not let a gateway start that serves a route it does not tell of', async () => {
    await expect(world.anotherGateway({ modules: [DebugModule] })).rejects.toThrow(
      'GET /debug/heap is served but not documented',
    );
  });

  it('is of version 3.1 and has no reference that leads nowhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map((match) =>
      String(match[1]),
    );
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([]);
  });

  it('tells both ways of accepting an invitation: a token and no body, or a body and no token', async () => {
    const operation = document.paths['/v1/invitations/{token}/accept']?.['post'];
    expect(operation?.security).toEqual([{ bearer: [] }, {}]);
    const [{ schema = {} } = {}] = Object.values(operation?.requestBody?.content ?? {});
    const [, name = ''] = /\/(\w+)$/.exec((schema as { $ref: string }).$ref) ?? [];
    expect(document.components.schemas[name]).toMatchObject({ required: ['name', 'password'] });
    const page = (await world.ask('GET', '/docs')).text;
    const [, shown = ''] = /\/accept<\/code>([^]*?)<\/details>/.exec(page) ?? [];
    expect(shown).toContain('Takes a bearer token and no body, or the body and no token.');
    expect(/<pre class="curl">([^]*?)<\/pre>/.exec(shown)?.[1]).toContain('password');
    expect(/<pre class="curl">([^]*?)<\/pre>/.exec(shown)?.[1]).not.toContain('$TOKEN');
  });

  it('says how leads are found by a custom field', () => {
    for (const path of ['/v1/orgs/{org}/leads', '/v1/orgs/{org}/lead-counts', '/v1/orgs/{org}/lead-export']) {
      const asked = document.paths[path]?.['get']?.parameters?.filter(({ name }) => name.startsWith('field')) ?? [];
      expect(asked.map(({ name }) => name)).toEqual(['field', 'field_is', 'field_from', 'field_to']);
      expect(asked.map(({ name, description }) => [name, /custom field/.test(description ?? '')])).toEqual(
        asked.map(({ name }) => [name, true]),
      );
      for (const { description } of asked.slice(1)) expect(description).toContain('12.5 EUR');
    }
  });

  it('names every operation once, by its contract, and says how each may fail', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]*$/.test(id))).toEqual([]);
    const methods = new Set([...CATALOG.values()].map(({ method }) => method.replaceAll('-', '')));
    const own = ids.filter((id) => !methods.has(id.toLowerCase()));
    expect(own.sort()).toEqual([
      'chat',
      'getActivate',
      'getDocs',
      'getHome',
      'getInvitations',
      'getLivez',
      'getOpenapiJson',
      'getReadyz',
      'getResetPassword',
      'resumeChat',
      'watchEvents',
    ]);
    expect(document.paths['/v1/orgs/{org}/leads']?.['post']?.operationId).toBe('createLead');
    for (const { responses } of operations())
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '429', '500', '503']));
  });

  it('tells which routes need a token', () => {
    expect(document.paths['/v1/me']?.['get']?.security).toEqual([{ bearer: [] }]);
    expect(document.paths['/v1/auth/login']?.['post']?.security).toBeUndefined();
    expect(document.components.securitySchemes).toHaveProperty('bearer');
  });

  it('says of 401 what the answers of signing in do', () => {
    const said = (path: string): unknown =>
      (document.paths[path]?.['post']?.responses['401'] as { description: string } | undefined)?.description;
    expect([said('/v1/auth/login'), said('/v1/auth/refresh'), said('/v1/orgs')]).toEqual([
      'The credentials are not right (`invalid_credentials`). A second factor is needed (`mfa_required`).',
      'The refresh token is not valid (`invalid_refresh_token`).',
      'Sign in first.',
    ]);
  });

  it('does not show what the gateway fills in', () => {
    const login = document.components.schemas['LoginRequest'] as { properties: object; additionalProperties: boolean };
    expect(Object.keys(login.properties)).toEqual(['email', 'password', 'totp_code']);
    expect(login.additionalProperties).toBe(false);
    const update = document.paths['/v1/orgs/{org}/leads/{id}']?.['patch'];
    expect(update?.parameters?.map(({ name }) => name)).toEqual(['org', 'id', 'Idempotency-Key', 'If-Match']);
    expect(
      Object.keys((document.components.schemas['UpdateLeadRequest'] as { properties: object }).properties),
    ).not.toEqual(expect.arrayContaining(['id']));
  });

  it('shows nothing of messages that clients cannot send', () => {
    expect(document.components.schemas).not.toHaveProperty('ImportChunkRequest');
    expect(document.components.schemas).not.toHaveProperty('Access');
    expect([...CATALOG.values()]).toContain(GetOrg);
  });
});

describe('pages', () => {
  it.each(['/', '/docs', '/activate', '/reset-password', '/invitations'])(
    'serves %s under a policy that lets nothing else in',
    async (path) => {
      const { status, text, headers } = await world.ask('GET', path);
      const policy = headers.get('content-security-policy') ?? '';
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      for (const [, tag, content] of text.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)) {
        expect(policy).toContain(
          `${String(tag)}-src 'sha256-${createHash('sha256').update(String(content)).digest('base64')}'`,
        );
      }
      // Its own address stands in commands to paste; nothing is loaded from there.
      expect(text.replaceAll(world.url, '')).not.toMatch(
        / on\w+=|<script src|<link rel="stylesheet"|https?:\/\/(?!www\.apache)/,
      );
    },
  );

  it('keeps the token of a link out of every address the server sees', async () => {
    const { text } = await world.ask('GET', '/activate');
    expect(text).toContain('location.hash');
    expect(text).toContain("history.replaceState(null,''");
  });

  it('writes the address that it was asked by into commands, and only one that can be pasted', async () => {
    // `fetch` names the host itself, so this speaks HTTP by hand.
    const asked = async (host: string): Promise<string> => {
      const socket = connect(Number(new URL(world.url).port), '127.0.0.1');
      socket.end(`GET /docs HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`);
      return await text(socket);
    };
    const written = await Promise.all(
      ['api.example.org:8443', 'x$(reboot)', 'x;reboot'].map(async (host) =>
        /curl -s &#34;(.*?)\/v1\/me&#34;/.exec(await asked(host))?.[1]?.replace(/^https?:\/\//, ''),
      ),
    );
    expect(written[0]).toBe('api.example.org:8443');
    expect(written.slice(1).filter((each) => each !== undefined && each !== 'api.example.com')).toEqual([]);
    expect((await world.ask('GET', '/docs')).text.includes('{{')).toBe(false);
  });

  it('shows every route on the page to read', async () => {
    const { text } = await world.ask('GET', '/docs');
    for (const path of Object.keys(document.paths)) expect(text).toContain(`<code>${path}</code>`);
  });
});
