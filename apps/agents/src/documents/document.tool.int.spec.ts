import { twoOrgs } from '@apollo/testing';
import { calls, RunWorld, words } from '../runs/run.world.spec.js';
import { pdfOf } from './document.files.spec.js';
import { DocumentWorld } from './document.world.spec.js';

describe('a run that reads documents', () => {
  const [a, b] = twoOrgs();
  let world: RunWorld;
  beforeAll(async () => {
    world = await RunWorld.start();
    const documents = DocumentWorld.over(world.agents);
    const file = (whose: string) => pdfOf(['Contents', `Discounts of ${whose}: 10 % from 20 seats on`]);
    await documents.upload(a, file(a.canary), { file_name: 'prices.pdf', title: 'Price list' });
    await documents.upload(b, file(b.canary), { file_name: 'prices.pdf', title: 'Price list' });
  });
  afterAll(() => world.stop());

  const asked = async (input: object): Promise<{ succeeded: boolean | null; result: string }> => {
    world.parts = async function* ({ nth }) {
      yield* nth === 0 ? calls(['read_documents', input]) : words('Done.');
    };
    const { items } = await world.run(a, ['read_documents']);
    const { succeeded = null, result = null } = items.find(({ kind }) => kind === 'returned') ?? {};
    return { succeeded, result: result ?? '' };
  };

  it('is given passages with document and page, of its own organization alone', async () => {
    for (const input of [{ query: 'discount seats' }, { query: 'discounts', document: 'price list' }]) {
      const { succeeded, result } = await asked(input);
      expect(succeeded).toBe(true);
      expect(JSON.parse(result)).toEqual({
        items: [
          {
            document: 'Price list',
            page: 2,
            text: `Discounts of ${a.canary}: 10 % from 20 seats on`,
            document_id: expect.any(String),
          },
        ],
      });
    }
    for (const input of [{ query: b.canary }, { query: 'discounts', document: b.canary }]) {
      const { succeeded, result } = await asked(input);
      expect(succeeded).toBe(true);
      expect(result).not.toContain(b.canary);
    }
  });

  it('is told where its arguments do not fit', async () => {
    expect(await asked({ query: '', org: b.id })).toMatchObject({ succeeded: false });
  });
});
