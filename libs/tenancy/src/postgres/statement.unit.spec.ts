import { deletion, globalTable, functionCall, p, platformStatement, statement } from './index.js';
import { TagSigner } from './tag.signer.js';
import { newId } from '../index.js';

describe('statement', () => {
  it('turns names into positions, the same name into the same one, and leaves casts alone', () => {
    const made = statement('s', 'select :a::text, :b, :a from t where org_id = :org and x::int > 0');
    expect(made.text).toBe('select $1::text, $2, $1 from t where org_id = $3 and x::int > 0');
    expect(made.parameters).toEqual(['a', 'b', 'org']);
  });

  it('refuses, when it is defined, a text that filters by neither organization nor person', () => {
    expect(() => statement('s', 'select * from leads.leads')).toThrow('must filter by :org or :actor');
    expect(() => statement('s', 'select * from notes where user_id = :actor')).not.toThrow();
    expect(() => platformStatement('s', 'select * from identity.signing_keys')).not.toThrow();
  });

  it('lets a call be of functions and nothing more', () => {
    for (const text of [
      'select * from orgs.find_by_slug(:slug)',
      'select id, version::float8 as version from orgs.find_by_slug(:slug)',
      'select orgs.delete_org(:after::timestamptz) as gone',
      "select stars.settle(:hold) as answer, pg_catalog.current_setting('stars.told', true) = 'on' as told",
    ])
      expect(() => functionCall('l', text)).not.toThrow();
    for (const text of [
      'select * from orgs.slugs',
      'select * from orgs.f(:a), orgs.slugs',
      'select * from orgs.f(:a) where true',
      'select * from orgs.f(orgs.g(:a))',
      'select 1 from orgs.slugs union select * from orgs.f(:a)',
      'select orgs.f(:a), id from orgs.slugs',
      'select f(:a)',
    ]) {
      expect(() => functionCall('l', text)).toThrow('name no table');
    }
  });
});

describe('a deletion', () => {
  it('judges by the columns of the rows that it locks: what other rows say may change until it has the lock', () => {
    expect(deletion('leads.leads', 'org_id = :org and id = any(:ids::uuid[])')).toContain('for update');
    for (const condition of [
      'org_id = :org and not exists (select from leads.activities a where a.lead_id = leads.leads.id)',
      'user_id = :actor and session_id in (SELECT id from identity.sessions)',
      'org_id = :org and id = any(array(\nselect id from leads.gone))',
    ])
      expect(() => deletion('leads.leads', condition)).toThrow('own columns');
  });
});

describe('a directory', () => {
  it('needs a stated reason', () => {
    expect(() =>
      globalTable({ name: 'X', schema: 'spec', table: 'x', reason: 'because', properties: { id: p.uuid().primary() } }),
    ).toThrow('stated reason');
  });
});

describe('tag', () => {
  const context = { scope: 'org', orgId: newId(), actor: newId(), role: 'owner', requestId: 'r' } as const;

  it('names scope, organization, person and expiry, and differs with each of them and with the key', () => {
    const signer = new TagSigner('ab'.repeat(32));
    const tags = [
      signer.sign(context, 1_000_000),
      signer.sign({ ...context, orgId: newId() }, 1_000_000),
      signer.sign({ ...context, actor: newId() }, 1_000_000),
      signer.sign({ ...context, scope: 'self', orgId: null }, 1_000_000),
      signer.sign(context, 2_000_000),
      new TagSigner('cd'.repeat(32)).sign(context, 1_000_000),
    ];
    expect(new Set(tags.map((tag) => tag.slice(-64))).size).toBe(tags.length);
    expect(tags[0]).toMatch(new RegExp(`^org\\.${context.orgId}\\.${context.actor}\\.1060\\.[0-9a-f]{64}$`));
  });

  it('refuses a key of another shape', () => {
    expect(() => new TagSigner('short')).toThrow('64 hex digits');
  });
});
