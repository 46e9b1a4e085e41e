import { ADA, ADAM, finds, GRACE, list, moved, noted, PIPELINES, pipelines, type Task } from './offline.tasks.spec.js';

const one = (says: string, does: Task['turns'][number]['does'], ...answers: string[]): Task => ({
  turns: [{ says, does, answers }],
});
const passages = list({ text: 'Ten per cent from 100 seats.', title: 'Prices 2027.pdf', page: 3 });

/** Tasks in English, each a whole conversation. */
export const ENGLISH_TASKS: readonly Task[] = [
  one(
    'How many leads are in Qualified?',
    [['count_leads', { stage: 'Qualified' }, { total: 12 }]],
    '12 leads',
    '“Qualified”',
  ),
  one('how many leads do we have?', [['count_leads', {}, { total: 1 }]], 'there is 1 lead.'),
  one(
    'Count the leads in the Negotiation stage, please',
    [['count_leads', { stage: 'Negotiation' }, { total: 0 }]],
    '0 leads',
  ),
  one('How many leads are from Portugal?', [['count_leads', { country: 'Portugal' }, { total: 5 }]], '5 leads'),
  one(
    'how many leads are in Onboarding',
    [pipelines, ['count_leads', { stage: 'Onboarding' }, { total: 2 }]],
    '2 leads',
  ),
  one('how many leads are in Porto', [pipelines, ['count_leads', { city: 'Porto' }, { total: 3 }]], 'from “Porto”'),
  one(
    'How many leads are there per stage?',
    [
      [
        'count_leads',
        { group_by: 'stage' },
        {
          total: 7,
          groups: [
            { key: 'New', count: 4 },
            { key: 'Won', count: 3 },
          ],
        },
      ],
    ],
    'all 7 leads',
    '“New”: 4',
    '“Won”: 3',
  ),
  one(
    'show me all leads tagged vip and older than two weeks',
    [['search_leads', { tag: 'vip', older_than_days: 14, limit: 10 }, list(ADA)]],
    '“Ada Lovelace” (“Acme”, “Lisbon”, “New”)',
  ),
  one('List leads owned by Kim Lee', [['search_leads', { owner: 'Kim Lee', limit: 10 }, list()]], 'no leads'),
  one('find Grace Hopper', [['search_leads', { query: 'Grace Hopper', limit: 10 }, list(GRACE)]], 'Grace Hopper'),
  {
    turns: [
      {
        says: 'how many leads are in Qualified?',
        does: [['count_leads', { stage: 'Qualified' }, { total: 12 }]],
        answers: ['12 leads'],
      },
      {
        says: 'Which of them are from Lisbon and older than a month?',
        does: [
          [
            'search_leads',
            { stage: 'Qualified', city: 'Lisbon', older_than_days: 30, limit: 10 },
            { items: [GRACE, ADA], next_cursor: 'more' },
          ],
        ],
        answers: ['more than 2 leads', 'Grace Hopper', 'Ada Lovelace'],
      },
      {
        says: 'Add a note to each of them: call before Friday.',
        does: [[noted(GRACE.id, 'call before Friday.'), noted(ADA.id, 'call before Friday.')]],
        answers: ['Grace Hopper', 'Ada Lovelace', 'call before Friday.'],
      },
      {
        says: 'and how many of them are tagged vip?',
        does: [['count_leads', { stage: 'Qualified', city: 'Lisbon', older_than_days: 30, tag: 'vip' }, { total: 1 }]],
        answers: ['1 lead'],
      },
    ],
  },
  one(
    'Add a note to Ada: call back',
    [finds('Ada', ADA), noted(ADA.id, 'call back')],
    'added the note “call back” to “Ada Lovelace”',
  ),
  {
    turns: [
      {
        says: 'add a note to Ada: call back',
        does: [finds('Ada', ADA, ADAM)],
        answers: ['several leads', 'Ada Lovelace', 'Ada Byron', 'Which one'],
      },
      { says: 'The one from Porto', does: [noted(ADAM.id, 'call back')], answers: ['“Ada Byron”'] },
    ],
  },
  {
    turns: [
      { says: 'move Ada to Won', does: [finds('Ada', ADA, ADAM)], answers: ['Which one'] },
      { says: 'the second', does: [moved(ADAM.id, 'Won')], answers: ['moved “Ada Byron” to “Won”'] },
      { says: 'add a note to her: signed today', does: [noted(ADAM.id, 'signed today')], answers: ['“Ada Byron”'] },
    ],
  },
  one(
    'please add a note to Ada Lovelace saying that she prefers mail',
    [finds('Ada Lovelace', ADA, ADAM), noted(ADA.id, 'she prefers mail')],
    'she prefers mail',
  ),
  one('Add the note "call back" to Ada', [finds('Ada', ADA), noted(ADA.id, 'call back')], 'call back'),
  one('Do we have any leads from Spain?', [['search_leads', { country: 'Spain', limit: 10 }, list()]], 'no leads'),
  one(
    "give me Ada's phone",
    [finds('Ada', ADA), ['read_lead', { id: ADA.id }, { ...ADA, phone: '+351 1' }]],
    'Phone: “+351 1”',
  ),
  one('add a note to Bob: hello', [finds('Bob')], 'no lead for “Bob”', 'changed nothing'),
  one('add a note to Bob: hello', [finds('Bob', GRACE)], 'no lead for “Bob”'),
  one(
    'Move Grace Hopper to Negotiation',
    [finds('Grace Hopper', GRACE), moved(GRACE.id, 'Negotiation')],
    'moved “Grace Hopper” to “Negotiation”',
  ),
  one('move Grace to the Won stage', [finds('Grace', GRACE), moved(GRACE.id, 'Won')], 'moved “Grace Hopper”'),
  one('move Grace to Somewhere', [pipelines], 'no stage “Somewhere”', '“Negotiation”'),
  one(
    'mark Grace as lost',
    [finds('Grace', GRACE), ['move_lead', { id: GRACE.id, stage: 'Lost' }, new Error('The stage is archived.')]],
    'it failed',
    'The stage is archived.',
  ),
  one(
    'find leads in Lisbon and then move them to Proposal sent',
    [
      pipelines,
      ['search_leads', { city: 'Lisbon', limit: 10 }, list(ADA, GRACE)],
      [moved(ADA.id, 'Proposal sent'), moved(GRACE.id, 'Proposal sent')],
    ],
    'I found 2 leads',
    'moved “Ada Lovelace”',
    'moved “Grace Hopper”',
  ),
  one(
    'Draft an e-mail to Grace Hopper about the new price list',
    [
      finds('Grace Hopper', GRACE),
      [
        'draft_email',
        {
          lead_id: GRACE.id,
          subject: 'About the new price list',
          body: 'Hello Grace Hopper,\n\nI am writing to you about the new price list.\n\nKind regards',
        },
        { id: ADA.id, status: 'pending' },
      ],
    ],
    'drafted an e-mail to “Grace Hopper”',
    'Nothing is sent',
  ),
  one(
    'write an email to Ada saying: We meet on Monday at ten.',
    [
      finds('Ada', ADA),
      [
        'draft_email',
        { lead_id: ADA.id, subject: 'A short message', body: 'We meet on Monday at ten.' },
        { id: ADA.id },
      ],
    ],
    'Nothing is sent before somebody approves it',
  ),
  one(
    'What does our price list say about discounts for many seats?',
    [['read_documents', { query: 'discounts for many seats', document: 'price list' }, passages]],
    '“Ten per cent from 100 seats.” (“Prices 2027.pdf”, page 3)',
  ),
  one(
    'What does our handbook say about holidays?',
    [
      ['read_documents', { query: 'holidays', document: 'handbook' }, list()],
      ['read_documents', { query: 'holidays' }, list({ text: 'Thirty days.', document: 'Rules', page: 1 })],
    ],
    '“Thirty days.” (“Rules”, page 1)',
  ),
  one(
    'what do our documents say about holidays?',
    [['read_documents', { query: 'holidays' }, list()]],
    'found nothing about',
  ),
  one(
    'Remember that we close on Fridays',
    [['remember', { text: 'we close on Fridays' }, {}]],
    'remember: “we close on Fridays”',
  ),
  one('forget what I said about Fridays', [['forget', { text: 'Fridays' }, {}]], 'forgotten “Fridays”'),
  one(
    'What is our balance?',
    [['read_balance', {}, { available: 480, monthly_balance: 380, package_balance: 100 }]],
    '480 Stars',
    'Monthly: 380',
  ),
  one('how many Stars do we have left?', [['read_balance', {}, { available: 3 }]], '3 Stars'),
  one('list our pipelines', [['list_pipelines', {}, PIPELINES]], '“Sales”: “New”, “Qualified”'),
  one(
    'create a lead Alan Turing from Bletchley in London, e-mail alan@example.test, phone +44 20 7946 0000, tagged vip',
    [
      [
        'create_lead',
        {
          contact_name: 'Alan Turing',
          company: 'Bletchley',
          city: 'London',
          email: 'alan@example.test',
          phone: '+44 20 7946 0000',
          tags: ['vip'],
        },
        { ...ADA, contact_name: 'Alan Turing' },
      ],
    ],
    'created the lead “Alan Turing”',
  ),
  one(
    "change Ada's city to Porto",
    [finds('Ada', ADA), ['update_lead', { id: ADA.id, fields: { city: 'Porto' } }, ADA]],
    'set City of “Ada Lovelace” to “Porto”',
  ),
  one('set the shoe size of Ada to 40', [], 'no field “shoe size”'),
  one(
    'tag Ada as hot',
    [
      finds('Ada', ADA),
      ['read_lead', { id: ADA.id }, ADA],
      ['update_lead', { id: ADA.id, fields: { tags: ['vip', 'hot'] } }, ADA],
    ],
    'tagged “Ada Lovelace” as “hot”',
  ),
  one(
    'tell me about Grace',
    [finds('Grace', GRACE), ['read_lead', { id: GRACE.id }, { ...GRACE, email: 'grace@example.test' }]],
    'E-mail: “grace@example.test”',
    'Stage: “Qualified”',
  ),
  one("what is Grace's company?", [finds('Grace', GRACE), ['read_lead', { id: GRACE.id }, GRACE]], 'Company: “Navy”'),
  one(
    'ask the Researcher to find three competitors',
    [['delegate', { persona: 'Researcher', task: 'find three competitors' }, { answer: 'Done.' }]],
    'handed this to “Researcher”',
    '“Done.”',
  ),
  one('Hello!', [], 'fixed rules'),
  one('thank you very much', [], 'welcome'),
  one('Are you a human?', [], 'no language model and no person'),
  one('what can you do?', [], 'find leads', 'draft an e-mail'),
  one('delete all leads from Lisbon', [], 'cannot do that'),
  one('Write me a poem about the sea and the stars above it', [], 'did not understand', 'did nothing'),
  one('move it to Won', [], 'which lead you mean'),
  {
    offered: ['search_leads', 'count_leads'],
    turns: [
      { says: 'add a note to Ada: call back', answers: ['not given what it takes to add a note'] },
      { says: 'what can you do?', answers: ['- find leads\n- count leads'] },
    ],
  },
  { offered: [], turns: [{ says: 'what can you do', answers: ['no tools'] }] },
  {
    offered: ['search_leads'],
    turns: [
      {
        says: 'how many leads are in Won',
        does: [['search_leads', { stage: 'Won' }, { items: [ADA, GRACE], next_cursor: 'more' }]],
        answers: ['at least 2 leads'],
      },
    ],
  },
];
