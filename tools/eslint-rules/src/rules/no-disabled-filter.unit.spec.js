import { refused, ruleTester } from '../rule-tester.js';
import { noDisabledFilter } from './no-disabled-filter.js';

ruleTester.run('no-disabled-filter', noDisabledFilter, {
  valid: [
    'find(Lead, {}, { filters: true });',
    'find(Lead, {}, { filters: { archived: false } });',
    'find(Lead, {}, { filters: { org: true } });',
    "find(Lead, {}, { filters: ['archived'] });",
    'search({ filters: query.filters });',
    'const { filters = false } = query;',
    'const options = { filter: false };',
    'let open = false; open = true; list({ open });',
    'find(Lead, {}, { filters: { ...shared } });',
  ],
  invalid: [
    ...refused('disabled', [
      'find(Lead, {}, { filters: false });',
      'find(Lead, {}, { filters: !1 });',
      'find(Lead, {}, { filters: !true });',
      'find(Lead, {}, { filters: false as const });',
      'find(Lead, {}, { filters: (false satisfies boolean)! });',
      "find(Lead, {}, { 'filters': false });",
      "find(Lead, {}, { ['filters']: false });",
      'find(Lead, {}, { [`filters`]: false });',
      "const key = 'filters'; find(Lead, {}, { [key]: false });",
      "find(Lead, {}, { ['fil' + 'ters']: false });",
      'const filters = false; find(Lead, {}, { filters });',
      'let filters; filters = false; find(Lead, {}, { filters });',
      'find(Lead, {}, { filters: everything ? false : true });',
      'find(Lead, {}, { filters: chosen || false });',
      'find(Lead, {}, { filters: { org: false } });',
      'find(Lead, {}, { filters: { org: !1, archived: true } });',
      "find(Lead, {}, { filters: { 'org': false } });",
      "find(Lead, {}, { filters: { ['org']: false } });",
      'find(Lead, {}, { filters: { [name]: false } });',
      'find(Lead, {}, { filters: { user: false } });',
      'const off = false; find(Lead, {}, { filters: { org: off } });',
      'const off = { org: false }; find(Lead, {}, { filters: off });',
      'const off = { org: false } as const; find(Lead, {}, { filters: off });',
      'const off = Object.freeze({ org: false }); find(Lead, {}, { filters: off });',
      'const off = { org: false }; find(Lead, {}, { filters: { ...off } });',
      'find(Lead, {}, { filters: { archived: true, ...{ org: false } } });',
      'const options = { ...shared, filters: false }; find(Lead, {}, options);',
      'const options = { ...{ filters: false } };',
      'options.filters = false;',
      "options['filters'] = { org: false };",
      'options.filters.org = false;',
      "Reflect.set(options, 'filters', false);",
      'class Options { filters = false; }',
      'find(Lead, {}, { filters: { org: everything ? false : true } });',
    ]),
    ...refused('rebound', [
      "em.setFilterParams('org', { id });",
      "em?.['setFilterParams']('org', {});",
      "em.addFilter({ name: 'org', cond: {} });",
    ]),
  ],
});

ruleTester.run('no-disabled-filter with names of its own', noDisabledFilter, {
  valid: [{ code: 'find(Lead, {}, { filters: { org: false } });', options: [{ names: ['space'] }] }],
  invalid: [
    {
      code: 'find(Lead, {}, { filters: { space: false } });',
      options: [{ names: ['space'] }],
      errors: [{ messageId: 'disabled' }],
    },
  ],
});
