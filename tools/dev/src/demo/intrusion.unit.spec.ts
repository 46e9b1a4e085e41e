import type { Answer } from '../client/http.client.js';
import { type Attempt, flawOf, madeUpId, sameRefusal, secretsOf } from './intrusion.js';

const id = '0198f000-0000-7000-8000-00000000000a';
const lead = {
  id,
  contact_name: 'Petra Quigley',
  company: 'Ltd',
  email: null,
  external_id: 'TT-1040x',
  custom_fields: { lead_source: 'Webinar' },
};
const secrets = secretsOf(lead, 'a note nobody may read');

function answer(status: number, body: object, headers: Record<string, string> = {}): Answer {
  return { status, body: body as Answer['body'], text: JSON.stringify(body), headers: new Headers(headers) };
}

describe('the judgement of an attempt', () => {
  const list: Attempt = { what: 'list it', method: 'GET', path: '/v1/orgs/other/leads', status: 200, own: 'mine' };
  const read: Attempt = { what: 'read it', method: 'GET', path: `/v1/orgs/other/leads/${id}`, status: 404 };

  it('finds nothing wrong with a list of one’s own and with a refusal', () => {
    expect(flawOf(list, answer(200, { items: ['mine'] }), secrets)).toBeUndefined();
    expect(flawOf(read, answer(404, { code: 'not_found' }), secrets)).toBeUndefined();
  });

  it.each([id, 'Petra Quigley', 'TT-1040x', 'custom_fields.lead_source', 'a note nobody may read'])(
    'finds "%s" wherever it is told',
    (secret) => {
      expect(flawOf(list, answer(200, { items: ['mine', secret] }), secrets)).toBe(`shows "${secret}"`);
      expect(flawOf(list, answer(200, { items: ['mine'] }, { 'x-told': secret }), secrets)).toBe(`shows "${secret}"`);
      expect(flawOf({ ...read, path: '/v1/orgs/other/leads/1' }, answer(404, { detail: secret }), secrets)).toBe(
        `shows "${secret}"`,
      );
    },
  );

  it('lets an answer repeat what the request said', () => {
    expect(flawOf(read, answer(404, { detail: `No ${id}` }), secrets)).toBeUndefined();
  });

  it('takes a success for a flaw where there is nothing to succeed with', () => {
    expect(flawOf(read, answer(200, {}), secrets)).toBe('is answered 200 instead of 404');
    expect(flawOf(list, answer(500, {}), secrets)).toBe('is answered 500 instead of 200');
  });

  it('takes an empty list for a flaw where one’s own must be in it', () => {
    expect(flawOf(list, answer(200, { items: [] }), secrets)).toMatch('one’s own');
  });

  it('tells refusals apart by every word but the id of the request', () => {
    const refusal = answer(404, { code: 'not_found', detail: 'No such object', request_id: '1' });
    expect(sameRefusal(refusal, answer(404, { code: 'not_found', detail: 'No such object', request_id: '2' }))).toBe(
      true,
    );
    expect(sameRefusal(refusal, answer(404, { code: 'not_found', detail: 'Not yours', request_id: '1' }))).toBe(false);
  });

  it('makes up an id of the same form', () => {
    expect(madeUpId(id)).toMatch(/^0198f000-0000-7000-8000-[0-9a-f]{12}$/);
    expect(madeUpId(id)).not.toBe(id);
  });
});
