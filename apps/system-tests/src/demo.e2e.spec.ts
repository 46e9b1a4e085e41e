import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { DemoFailure, HttpClient, Narrator, playMonday, SAMPLE } from '@apollo/dev';
import { livePlatform } from './live.platform.js';

describe('the consultant’s Monday', () => {
  const { gateway, mail, operator } = livePlatform();

  function play(through: string): { told: string[]; result: ReturnType<typeof playMonday> } {
    const told: string[] = [];
    const scene = {
      running: { gateway: through, mail, operator },
      narrator: new Narrator((line) => told.push(line)),
      run: randomUUID().slice(0, 8),
      country: 'DE',
    };
    return { told, result: playMonday(scene, SAMPLE) };
  }

  it('imports the sample, tries every way across, and can be played again', async () => {
    for (let day = 0; day < 2; day++) {
      const { told, result } = play(gateway);
      const { attempts, imported, login, companies } = await result;
      expect(imported).toMatchObject({ rows: 40, created: 40, updated: 0, refused: 0 });
      expect(attempts).toBe(18);
      expect(told.join('\n')).not.toContain('\u2717');
      const owner = await new HttpClient(gateway).signIn(login.email, login.password);
      const { orgs } = (await owner.ask('GET', '/v1/me')).body as { orgs: { slug: string; role: string }[] };
      expect(new Set(orgs.map(({ slug, role }) => `${role} of ${slug}`))).toEqual(
        new Set(companies.map(({ slug }) => `owner of ${slug}`)),
      );
    }
  });

  it('fails when one answer out of all holds a row of the other organization', async () => {
    const leaky = await leakyGateway(gateway);
    try {
      const { told, result } = play(leaky.url);
      await expect(result).rejects.toThrow(DemoFailure);
      expect(told.join('\n')).toMatch(/to read it by its id +200 +\u2717 shows /);
    } finally {
      leaky.close();
    }
  });
});

/** A gateway with one hole: whoever asks a second company for a lead by its id gets it from the first. */
async function leakyGateway(target: string): Promise<{ url: string; close: () => void }> {
  let firstCompany = '';
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', headers, url = '/' } = request;
    firstCompany ||= /tidewater-[^/]+/.exec(url)?.[0] ?? '';
    const path = method === 'GET' ? url.replace(/ridgeline-[^/]+(?=\/leads\/[^/]+$)/, firstCompany) : url;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const {
      host: _host,
      connection: _connection,
      'content-length': _length,
      ...kept
    } = headers as Record<string, string>;
    const answer = await fetch(`${target}${path}`, {
      method,
      headers: kept,
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
    response.end(await answer.text());
  };
  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
