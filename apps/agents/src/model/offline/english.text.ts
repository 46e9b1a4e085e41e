import type { AnswerText } from './answer.text.js';

function leads(count: number): string {
  return count === 1 ? 'lead' : 'leads';
}

/** What the offline model says in English. */
export const ENGLISH_TEXT: AnswerText = {
  prefix: 'Offline model: ',
  filter: (filter, quote) =>
    [
      filter.query && ` matching ${quote(filter.query)}`,
      filter.stage && ` in stage ${quote(filter.stage)}`,
      filter.pipeline && ` in pipeline ${quote(filter.pipeline)}`,
      filter.city && ` from ${quote(filter.city)}`,
      filter.country && ` from ${quote(filter.country)}`,
      filter.tag && ` tagged ${quote(filter.tag)}`,
      filter.owner && ` owned by ${quote(filter.owner)}`,
      filter.older_than_days !== undefined && ` older than ${filter.older_than_days} days`,
    ]
      .filter(Boolean)
      .join(','),
  counted: (count, isLeast, filter) =>
    `there ${count === 1 ? 'is' : 'are'} ${isLeast ? 'at least ' : ''}${count} ${leads(count)}${filter}.`,
  grouped: (total, lines) => `${total === undefined ? 'the leads' : `all ${total} leads`}, by group:\n${lines}`,
  found: (count, more, filter, lines) =>
    `I found ${more ? 'more than ' : ''}${count} ${leads(count)}${filter}:\n${lines}`,
  none: (filter) => `I found no leads${filter}.`,
  lead: (lead, lines) => `this is what is kept of ${lead}:\n${lines}`,
  labels: {
    contact_name: 'Name',
    company: 'Company',
    email: 'E-mail',
    phone: 'Phone',
    city: 'City',
    country: 'Country',
    site: 'Website',
    state: 'State',
    stage: 'Stage',
    tags: 'Tags',
  },
  created: (name) => `I created the lead ${name}.`,
  updated: (name, field, value) => `I set ${field} of ${name} to ${value}.`,
  tagged: (name, tag) => `I tagged ${name} as ${tag}.`,
  moved: (name, stage) => `I moved ${name} to ${stage}.`,
  noted: (name, text) => `I added the note ${text} to ${name}.`,
  which: (who, lines) => `there are several leads for ${who}. Which one do you mean?\n${lines}`,
  noLead: (who) => `I found no lead for ${who}, so I changed nothing.`,
  nobodyMeant: 'I do not know which lead you mean. Please tell me its name.',
  tooManyMeant: (most) => `these are more than the ${most} leads that I change at once. Please narrow them down first.`,
  noField: (field) =>
    `I know no field ${field} of a lead. I can change name, e-mail, phone, company, city and country.`,
  noStage: (stage, stages) => `there is no stage ${stage}. There are: ${stages}.`,
  pipelines: (lines) => `these are the pipelines with their stages:\n${lines}`,
  passages: (lines) => `this is what the documents say:\n${lines}`,
  page: (page) => `page ${page}`,
  noPassages: (topic) => `I found nothing about ${topic} in the documents.`,
  remembered: (text) => `I will remember: ${text}.`,
  forgotten: (text) => `I have forgotten ${text}.`,
  mail: (name, topic) => ({
    subject: topic === '' ? 'A short message' : `About ${topic}`,
    body: `Hello ${name},\n\nI am writing to you${topic === '' ? '' : ` about ${topic}`}.\n\nKind regards`,
  }),
  drafted: (name, subject) =>
    `I drafted an e-mail to ${name} with the subject ${subject}. Nothing is sent before somebody approves it.`,
  delegated: (persona, answer) => `I handed this to ${persona}${answer === '' ? '.' : `, who says: ${answer}`}`,
  balance: ({ available, monthly, pack }) =>
    [
      available === undefined ? 'this is your balance.' : `you have ${available} Stars available.`,
      monthly === undefined ? '' : ` Monthly: ${monthly}.`,
      pack === undefined ? '' : ` Package: ${pack}.`,
    ].join(''),
  greeting: 'hello! I work by fixed rules, without a language model. Ask me what I can do.',
  thanks: 'you are welcome.',
  identity:
    'I am apollo-offline-1, the offline model: no language model and no person, but fixed rules that read simple ' +
    'sentences in English, Portuguese and Spanish.',
  help: (abilities) => `I work by fixed rules, without a language model. With what I was given, I can:\n${abilities}`,
  noHelp: 'I work by fixed rules, without a language model, and was given no tools, so I can do nothing here.',
  impossible: 'I cannot do that, so I did nothing. Ask me what I can do.',
  unknown:
    'I did not understand that, so I did nothing. I am no language model and understand only simple sentences, such as ' +
    '“how many leads are in Qualified?”. Ask me what I can do.',
  stopped: 'I have made more steps than this should take, so I stop here.',
  hindered: {
    not_offered: (ability) => `I was not given what it takes to ${ability}, so I cannot do that here.`,
    unfit: (ability) => `I cannot ${ability} with these words: they do not fit what is asked for. I did nothing of it.`,
    denied: (ability, reason) => `I was not allowed to ${ability}${reason}.`,
    failed: (ability, reason) => `I tried to ${ability}, and it failed${reason}.`,
    strange: (ability) => `I tried to ${ability}, and cannot make anything of what came back.`,
  },
  abilities: {
    search_leads: 'find leads',
    count_leads: 'count leads',
    read_lead: 'show a lead',
    create_lead: 'create a lead',
    update_lead: 'change a lead',
    move_lead: 'move a lead to another stage',
    add_note: 'add a note to a lead',
    list_pipelines: 'list pipelines and stages',
    read_documents: 'look something up in the documents',
    remember: 'remember something',
    forget: 'forget something',
    draft_email: 'draft an e-mail',
    delegate: 'hand a task to another persona',
    read_balance: 'tell the balance of Stars',
  },
};
