import { DeleteDocument, GetDocument } from '@apollo/contracts';
import { rowsOf, testOrg, twoOrgs, until } from '@apollo/testing';
import { pdfOf } from '../document.files.spec.js';
import { DocumentWorld } from '../document.world.spec.js';

/** A file that takes seconds to read. */
const LONG = pdfOf(Array.from({ length: 4_000 }, (_, nth) => `Page ${nth}`));

describe('the reading of a document', () => {
  const [a, b] = twoOrgs();
  let world: DocumentWorld;
  beforeAll(async () => {
    world = await DocumentWorld.start();
  });
  afterAll(() => world.stop());

  const begun = async (file: Buffer, org = a): Promise<string> => {
    const { id } = await world.open(org, { file_name: 'long.pdf' });
    await world.send(org, id, file);
    await world.finish(org, id, file);
    return id;
  };
  const jobs = async (id: string): Promise<unknown[]> =>
    world.agents.test.admin('select id from agents.jobs where id = $1 and lease is not null', [id]);

  it('ends with the document, of which nothing is written any more, and leaves the place to others', async () => {
    const before = await rowsOf(world.agents.test, 'agents', a.id);
    const id = await begun(LONG);
    await until(async () => (await jobs(id)).length > 0);
    await world.agents.ask(a, DeleteDocument, { id });
    const began = performance.now();
    expect(await world.upload(b, 'another text', { file_name: 'b.txt' })).toMatchObject({ state: 'ready' });
    expect(performance.now() - began).toBeLessThan(6_000);
    expect(await world.agents.code(a, GetDocument, { id })).toBe('not_found');
    const { documents, document_uploads, document_pieces, document_passages } = await rowsOf(
      world.agents.test,
      'agents',
      a.id,
    );
    expect({ documents, document_uploads, document_pieces, document_passages }).toEqual({
      documents: before['documents'],
      document_uploads: before['document_uploads'],
      document_pieces: before['document_pieces'],
      document_passages: before['document_passages'],
    });
  }, 30_000);

  it('is for whoever may have it done: where they may no longer, it has failed with the reason', async () => {
    // Of whom nothing is known yet that would be believed for two seconds.
    const c = testOrg();
    world.standing = (_, person) => ({ status: 'active', role: person === c.owner ? 'viewer' : 'owner' });
    const id = await begun(Buffer.from('%PDF-1.7'), c);
    expect(await world.ended(c, id)).toMatchObject({ state: 'failed', failure: 'forbidden', ready_upload: null });
    expect(await rowsOf(world.agents.test, 'agents', c.id)).not.toHaveProperty('document_pieces');
    world.standing = () => ({ status: 'active', role: 'owner' });
  }, 30_000);

  it('keeps passages of more words than fit a page of the database, and those beside them', async () => {
    const letters = Array.from({ length: 750 }, (_, nth) => String.fromCodePoint(0x10400 + (nth % 80), 0x20));
    const hyphens = Array.from({ length: 300 }, (_, nth) => `${nth.toString(36)}a-${(nth * 7).toString(36)}b`);
    const addresses = Array.from({ length: 200 }, (_, nth) => `${nth.toString(36)}.co/${nth}`);
    const text = [letters.join(''), hyphens.join(' '), addresses.join(' '), 'the crocodile'].join('\n\n');
    expect(await world.upload(a, text, { file_name: 'words.txt', title: 'w '.repeat(99).trim() })).toMatchObject({
      state: 'ready',
    });
    expect(await world.search(a, 'crocodile')).toHaveLength(1);
  });

  it('takes the largest text that a document may have', async () => {
    const text = Array.from({ length: 1_400_000 }, (_, nth) => `w${nth % 9_000}`).join(' ');
    expect(await world.upload(a, text, { file_name: 'large.txt' })).toMatchObject({
      state: 'ready',
      failure: null,
    });
    expect(await world.search(a, 'w17')).toHaveLength(10);
  }, 60_000);
});
