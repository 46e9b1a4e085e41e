import { createHash, randomBytes } from 'node:crypto';
import {
  AbandonDocument,
  AppendDocumentPiece,
  DomainError,
  FinishDocument,
  StartDocument,
  StartDocumentUpload,
} from '@apollo/contracts';
import { entityTag } from '@apollo/messaging';
import { newId } from '@apollo/tenancy';
import { type Org, type Person, World } from './world.spec.js';

let world: World;
let owner: Person;
let org: Org;
let other: Org;
let pieces: Buffer[];
const id = newId();

const document = (state: string) => ({
  id,
  title: 'Terms',
  file_name: 'terms.pdf',
  media_type: 'application/pdf',
  language: 'pt',
  bytes: 0,
  sha256: null,
  state,
  failure: null,
  failure_detail: null,
  pages: null,
  upload: 1,
  ready_upload: null,
  created_by: owner.id,
  created_at: new Date(0).toISOString(),
  version: 1,
});

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  world.answers.clear();
  world.received.length = 0;
  pieces = [];
  owner = await world.person();
  org = world.org({ [owner.id]: 'owner' });
  other = world.org({});
  for (const contract of [StartDocument, StartDocumentUpload]) world.answer(contract, () => document('uploading'));
  world.answer(AppendDocumentPiece, ({ seq, data }: { seq: number; data: string }) => {
    pieces[seq] = Buffer.from(data, 'base64');
    return { done: true };
  });
  world.answer(FinishDocument, () => document('reading'));
  world.answer(AbandonDocument, () => ({ done: true }));
});

async function upload(of: Org, path: string, file: Buffer, headers: Record<string, string> = {}) {
  const form = new FormData();
  form.append('title', 'Terms');
  form.append('language', 'pt');
  form.append('file', new Blob([new Uint8Array(file)]), 'terms.pdf');
  const response = await fetch(`${world.url}/v1/orgs/${of.slug}/documents${path}`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${owner.bearer}`, ...headers },
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, location: response.headers.get('location'), json };
}

describe('a document', () => {
  it('is handed on whole and in order, of one’s own organization alone', async () => {
    const file = randomBytes(1_200_000);
    const answer = await upload(org, '', file);
    expect(answer).toMatchObject({ status: 202, location: `/v1/orgs/${org.slug}/documents/${id}` });
    expect(answer.json['state']).toBe('reading');
    expect({ ...world.asked(StartDocument)[0]?.payload }).toEqual({
      title: 'Terms',
      language: 'pt',
      file_name: 'terms.pdf',
    });
    expect(Buffer.concat(pieces).equals(file)).toBe(true);
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect({ ...world.asked(FinishDocument)[0]?.payload }).toEqual({ id, pieces: 3, sha256 });
    const asked = () => world.received.filter(({ type }) => type.startsWith('agents.'));
    expect(asked().map(({ context }) => context.orgId)).toEqual(Array.from({ length: 5 }, () => org.id));
    expect((await upload(other, '', file)).json['code']).toBe('org_not_found');
    expect(asked()).toHaveLength(5);
  });

  it('is uploaded anew where it is still as it was read, and given up where it breaks off', async () => {
    const tag = { 'if-match': entityTag(org.id, { id, version: 7 }) };
    expect((await upload(org, `/${id}/uploads`, Buffer.from('x'), tag)).status).toBe(202);
    expect({ ...world.asked(StartDocumentUpload)[0]?.payload }).toMatchObject({ id, if_match: 7, title: 'Terms' });
    const foreign = { 'if-match': entityTag(other.id, { id, version: 7 }) };
    expect((await upload(org, `/${id}/uploads`, Buffer.from('x'), foreign)).json['code']).toBe('etag_mismatch');
    world.answer(AppendDocumentPiece, () => {
      throw new DomainError('payload_too_large');
    });
    expect((await upload(org, '', Buffer.from('x'))).json['code']).toBe('payload_too_large');
    expect(world.asked(AbandonDocument).map(({ payload }) => payload['id'])).toEqual([id]);
    await upload(org, '', Buffer.from('x'), { 'idempotency-key': 'again' });
    expect(world.asked(AbandonDocument)).toHaveLength(1);
  });
});
