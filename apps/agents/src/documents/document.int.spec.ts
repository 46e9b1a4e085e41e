import {
  AbandonDocument,
  AppendDocumentPiece,
  DeleteDocument,
  FinishDocument,
  GetDocument,
  ListAgentsAuditLog,
  ListDocuments,
  ReadDocumentPage,
  SearchDocuments,
  StartDocument,
  StartDocumentUpload,
} from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { rowsOf, twoOrgs } from '@apollo/testing';
import { docxOf, lockedPdf, pdfOf } from './document.files.spec.js';
import { DocumentWorld } from './document.world.spec.js';

describe('documents', () => {
  const [a, b] = twoOrgs();
  let world: DocumentWorld;
  beforeAll(async () => {
    world = await DocumentWorld.start();
  });
  afterAll(() => world.stop());

  const rows = async (): Promise<Record<string, number>> => {
    const all = await rowsOf(world.agents.test, 'agents', a.id);
    return Object.fromEntries(Object.entries(all).filter(([table]) => table.startsWith('document')));
  };

  it('are uploaded in pieces, read, and found with the page on which it stands', async () => {
    const file = pdfOf(['Price list of 2026', 'Discounts: 10 % from 20 seats on', 'Terms of payment']);
    const document = await world.upload(a, file, { file_name: 'Price list.pdf', title: 'Price list' });
    expect(document).toEqual({
      id: expect.any(String),
      title: 'Price list',
      file_name: 'Price list.pdf',
      media_type: 'application/pdf',
      language: 'en',
      bytes: file.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      state: 'ready',
      failure: null,
      failure_detail: null,
      pages: 3,
      upload: 1,
      ready_upload: 1,
      created_by: a.owner,
      created_at: expect.any(String),
      version: 3,
    });
    const [found, ...more] = await world.search(a, 'discount for seat');
    expect(more).toEqual([]);
    expect(found).toEqual({
      document_id: document.id,
      title: 'Price list',
      upload: 1,
      page: 2,
      rank: expect.any(Number),
      snippet: 'Discounts: 10 % from 20 seats on',
      text: 'Discounts: 10 % from 20 seats on',
    });
    const viewer = { actor: a.viewer, role: 'viewer' } as const;
    const page = await world.agents.ask(a, ReadDocumentPage, { id: document.id, page: 3 }, viewer);
    expect(page).toEqual({ items: [{ nth: 1, text: 'Terms of payment' }], next_cursor: null });
    expect(await world.agents.code(a, ReadDocumentPage, { id: document.id, page: 4 }, viewer)).toBe('not_found');
    expect((await world.agents.ask(a, ListDocuments, {}, viewer)).items).toEqual([document]);
    expect(await world.agents.code(a, StartDocument, { file_name: 'x.txt' }, viewer)).toBe('forbidden');
    expect(await world.agents.code(a, DeleteDocument, { id: document.id }, viewer)).toBe('forbidden');
    // Of the file itself nothing is left.
    expect(await rows()).toMatchObject({ documents: 1, document_uploads: 1, document_passages: 3, document_words: 3 });
    expect(await rows()).not.toHaveProperty('document_pieces');
  });

  it('are found by their words in any form, in their language, and by words of their titles', async () => {
    const said = [
      ['pt', 'Reuniões e promoções: as ações da equipa. Papéis, animais, homens, pães.', 'Relatório'],
      ['es', 'Canciones, luces y años: las promociones de los clientes.', 'Informe'],
      ['en', 'Meetings and promotions: what the teams did.', 'Report'],
    ] as const;
    for (const [language, text, title] of said)
      await world.upload(a, text, { file_name: `${title}.md`, title, language });
    const titles = async (q: string, title?: string) => (await world.search(a, q, title)).map((each) => each.title);
    for (const word of ['reuniao', 'reunião', 'Promoção', 'ação', 'acoes', 'papel', 'animal', 'homem', 'pão'])
      expect([word, await titles(word, 'relatorio')]).toEqual([word, ['Relatório']]);
    for (const word of ['cancion', 'canción', 'luz', 'año', 'promoción', 'cliente'])
      expect([word, await titles(word, 'informe')]).toEqual([word, ['Informe']]);
    expect(await titles('meeting')).toEqual(['Report']);
    expect(await titles('"teams did" -price')).toEqual(['Report']);
    expect(await titles('report')).toEqual(['Report']);
    expect(await titles('meeting', 'informe')).toEqual([]);
    // None of the passages has all of the words: then those count that have some.
    expect(await titles('which meeting of crocodiles')).toEqual(['Report']);
    for (const query of ['"', '((', '-', 'a:*', "'; select", '&|!', '\\', 'x'.repeat(300)])
      expect(Array.isArray(await world.search(a, query))).toBe(true);
    expect(await world.agents.code(a, SearchDocuments, { q: 'x'.repeat(301) })).toBe('validation_failed');
  });

  it('are uploaded anew: what is searched changes at once, and what fails changes nothing', async () => {
    const first = await world.upload(a, 'The alpha edition', { file_name: 'guide.txt' });
    const opened = await world.open(a, { file_name: 'guide.docx' }, first.id);
    expect(opened).toMatchObject({ title: 'guide.txt', upload: 2, ready_upload: 1, state: 'uploading', version: 4 });
    expect(await world.agents.code(a, StartDocumentUpload, { id: first.id, file_name: 'x.txt' })).toBe(
      'state_conflict',
    );
    const file = docxOf(['The beta edition']);
    await world.send(a, first.id, file);
    expect(await world.search(a, 'alpha')).toHaveLength(1);
    await world.finish(a, first.id, file);
    const second = await world.ended(a, first.id);
    expect(second).toMatchObject({ state: 'ready', upload: 2, ready_upload: 2 });
    expect(await world.search(a, 'alpha')).toEqual([]);
    expect(await world.search(a, 'beta')).toMatchObject([{ upload: 2 }]);
    const third = await world.upload(a, lockedPdf(), { file_name: 'guide.pdf', title: 'Guide' }, first.id);
    expect(third).toMatchObject({ state: 'failed', failure: 'password_needed', upload: 3, ready_upload: 2 });
    expect(await world.search(a, 'beta')).toHaveLength(1);
    const stale = { id: first.id, file_name: 'x.txt', if_match: 1 };
    expect(await world.agents.code(a, StartDocumentUpload, stale)).toBe('etag_mismatch');
    expect(await world.agents.code(a, DeleteDocument, { id: first.id, if_match: 1 })).toBe('etag_mismatch');
  });

  it('that cannot be read have failed, with the reason, and nothing of them is kept', async () => {
    const before = await rows();
    const failure = async (file: Buffer | string, file_name: string) =>
      (await world.upload(a, file, { file_name })).failure;
    expect(await failure('PK and no archive', 'a.docx')).toBe('wrong_type');
    expect(await failure(' \n\u200b ', 'a.txt')).toBe('no_text');
    expect(await failure(pdfOf(['']), 'a.pdf')).toBe('no_text');
    expect(await failure(Buffer.from('a;b\nPre\xe7o;2', 'latin1'), 'a.csv')).toBe('not_utf8');
    expect(await failure('', 'a.txt')).toBe('no_text');
    expect(await world.agents.code(a, StartDocument, { file_name: 'a.exe' })).toBe('validation_failed');
    const after = await rows();
    expect(after).toEqual({
      ...before,
      documents: before['documents']! + 5,
      document_uploads: before['document_uploads']! + 5,
    });
  });

  it('take pieces until they are whole, each once, and no more than a document may have', async () => {
    const { id } = await world.open(a, { file_name: 'pieces.txt' });
    const data = Buffer.from('one').toString('base64');
    const { code, ask } = world.agents;
    await ask(a, AppendDocumentPiece, { id, seq: 0, data });
    await ask(a, AppendDocumentPiece, { id, seq: 0, data });
    expect(await code(a, AppendDocumentPiece, { id, seq: 0, data: 'dHdv' })).toBe('state_conflict');
    expect(await code(a, AppendDocumentPiece, { id, seq: 1, data: 'no base64' })).toBe('validation_failed');
    expect(await code(a, FinishDocument, { id, pieces: 1, sha256: 'a'.repeat(64) }, { signOuts: 0 })).toBe(
      'upload_incomplete',
    );
    expect(await code(a, FinishDocument, { id, pieces: 2, sha256: 'a'.repeat(64) }, { signOuts: 0 })).toBe(
      'upload_incomplete',
    );
    await world.agents.test.admin('update agents.document_uploads set bytes = 52428798 where document_id = $1', [id]);
    expect(await code(a, AppendDocumentPiece, { id, seq: 1, data })).toBe('payload_too_large');
    await ask(a, AbandonDocument, { id });
    expect(await world.get(a, id)).toMatchObject({ state: 'failed', failure: 'upload_incomplete' });
    expect(await code(a, AppendDocumentPiece, { id, seq: 1, data })).toBe('state_conflict');
  });

  it('are deleted for good: file, text, words and every upload', async () => {
    const before = await rows();
    const { id } = await world.upload(a, 'An ephemeral text', { file_name: 'gone.txt' });
    const kept = await world.upload(b, 'An ephemeral text', { file_name: 'kept.txt' });
    const { version } = await world.open(a, { file_name: 'gone.txt' }, id);
    await world.send(a, id, Buffer.from('half of it'));
    await world.agents.ask(a, DeleteDocument, { id, if_match: version });
    expect(await rows()).toEqual(before);
    expect(await world.search(a, 'ephemeral')).toEqual([]);
    expect(await world.agents.code(a, GetDocument, { id })).toBe('not_found');
    expect(await world.agents.code(a, ReadDocumentPage, { id, page: 1 })).toBe('not_found');
    expect(await world.search(b, 'ephemeral')).toMatchObject([{ document_id: kept.id }]);
    const log = await world.agents.ask(a, ListAgentsAuditLog, {});
    expect(log.items[0]).toMatchObject({ action: 'agents.delete-document.v1' });
  });

  it('are of their organization alone: for every request as what never was, and in no answer', async () => {
    const mine = await world.upload(a, 'crocodile', { file_name: 'mine.txt' });
    const theirs = await world.upload(b, `crocodile ${b.canary}`, { file_name: 'theirs.txt', title: b.canary });
    const { refusal } = world.agents;
    const data = Buffer.from('x').toString('base64');
    const requests = [
      (id: string) => refusal(a, GetDocument, { id }),
      (id: string) => refusal(a, ReadDocumentPage, { id, page: 1 }),
      (id: string) => refusal(a, StartDocumentUpload, { id, file_name: 'x.txt' }),
      (id: string) => refusal(a, AppendDocumentPiece, { id, seq: 0, data }),
      (id: string) => refusal(a, FinishDocument, { id, pieces: 0, sha256: 'a'.repeat(64) }, { signOuts: 0 }),
      (id: string) => refusal(a, AbandonDocument, { id }),
      (id: string) => refusal(a, DeleteDocument, { id }),
    ];
    for (const request of requests) {
      const answer = await request(theirs.id);
      expect(answer).toContain('not_found');
      expect(answer).toBe(await request(newId()));
    }
    expect((await world.search(a, 'crocodile')).map(({ document_id }) => document_id)).toEqual([mine.id]);
    expect(await world.search(a, b.canary)).toEqual([]);
    expect(await world.search(a, 'crocodile', b.canary)).toEqual([]);
    expect(JSON.stringify(await world.agents.ask(a, ListDocuments, {}))).not.toContain(b.canary);
    expect(await world.get(b, theirs.id)).toEqual(theirs);
  });
});
