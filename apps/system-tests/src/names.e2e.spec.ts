import { Stage } from './live.platform.js';

const stage = new Stage();

it('lists names by the organization’s language, from the next list on where that changes', async () => {
  const org = await stage.org();
  const base = `/v1/orgs/${org.slug}`;
  for (const contact_name of ['Öberg', 'Åberg', 'Zander', 'Oberg'])
    await org.owner.http.post(`${base}/leads`, { contact_name });
  const page = async (query: Record<string, string> = {}) => {
    const { items, next_cursor } = await org.owner.http.get(`${base}/leads`, { sort: 'contact_name', ...query });
    return {
      names: (items as { contact_name: string }[]).map(({ contact_name }) => contact_name),
      cursor: String(next_cursor),
    };
  };
  const speaks = (language: string) => org.owner.http.ask('PATCH', base, { body: { language } });
  const [english, swedish] = [
    ['Åberg', 'Oberg', 'Öberg', 'Zander'],
    ['Oberg', 'Zander', 'Åberg', 'Öberg'],
  ];
  expect((await page()).names).toEqual(english);
  expect((await page({ language: 'sv' })).names).toEqual(swedish);
  expect((await speaks('sv-FI')).status).toBe(200);
  const first = await page({ limit: '2' });
  await speaks('de');
  expect([...first.names, ...(await page({ limit: '2', cursor: first.cursor })).names]).toEqual(swedish);
  expect((await page()).names).toEqual(english);
});

it('exports nothing for a field that a lead does not have, whatever the field is called', async () => {
  const org = await stage.org();
  const base = `/v1/orgs/${org.slug}`;
  await org.owner.http.post(`${base}/lead-fields`, { key: 'constructor', label: 'Built by', kind: 'text' });
  await org.owner.http.post(`${base}/leads`, { contact_name: 'Ada' });
  const { text } = await org.owner.http.send('GET', `${base}/lead-export`);
  expect(text).toContain('custom_fields.constructor');
  expect(text).not.toContain('native code');
});
