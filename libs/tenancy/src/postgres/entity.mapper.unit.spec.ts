import { entityMapper } from './entity.mapper.js';
import { p, tenantTable } from './index.js';

describe('MikroORM of a service', () => {
  it('makes no database, and works in no context that nobody opened', async () => {
    const table = tenantTable({ name: 'Note', schema: 'sample', table: 'notes', properties: { text: p.string() } });
    const mapper = entityMapper('postgres://nobody@127.0.0.1:1/nowhere', [table], () => undefined);
    expect([mapper.config.get('ensureDatabase'), mapper.config.get('allowGlobalContext')]).toEqual([false, false]);
    await expect(mapper.em.fork().execute('select 1')).rejects.toThrow('No tenant transaction is open here');
    await mapper.close(true);
  });
});
