import type { LanguageConditions } from './intent.kinds.js';

/** What is said of leads in English. */
export const ENGLISH_CONDITIONS: LanguageConditions = {
  filters: [
    [
      'stage',
      'in [the] stage {value}',
      'in [the] {value} stage',
      '(at|on) [the] stage {value}',
      'with [the] stage {value}',
    ],
    ['pipeline', 'in [the] pipeline {value}', 'in [the] {value} pipeline'],
    [
      'older_than_days',
      '[which|that] [are|is] older than {value}',
      '(created|added|entered) (more than|over) {value} ago',
      '(more than|over) {value} old',
      'from (more than|over) {value} ago',
    ],
    ['tag', 'tagged [as|with] {value}', 'with [the] tag {value}', '(labelled|labeled) [as|with] {value}'],
    ['owner', '(owned by|assigned to|belonging to) {value}'],
    ['country', '(in|from) [the] country {value}'],
    ['city', '(from|based in|living in|located in|in the city of|in the city) {value}'],
    ['query', '(named|called|at the company|of the company|from the company|matching|at|with) {value}'],
    ['place', 'in {value}'],
  ],
  details: [
    ['email', '[with] [the|his|her] (e-mail|email|mail) [address] [:] {value}', '[with] {value}'],
    ['phone', '[with] [the|his|her] (phone|phone number|number|telephone) [:] {value}'],
    ['city', '(in|based in|living in|city) {value}'],
    ['tags', 'tagged [as|with] {value}', 'with [the] tag {value}'],
    ['company', '(from|at|of|company|working at|working for) {value}'],
  ],
  connectors: [
    'and',
    'but',
    'that (are|is|were|was|have)',
    'which (are|is|were|was|have)',
    'who (are|is|were|was|have)',
    '(are|is|were|was)',
    'also',
    'still',
    'there',
  ],
};
