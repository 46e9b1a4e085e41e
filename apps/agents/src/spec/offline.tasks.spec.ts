/** One call that is expected, and what it gives back: a value, or an `Error` with what the tool says. */
export type ExpectedCall = readonly [name: string, input: Record<string, unknown>, result: unknown];

/** What a person says, what is done about it step by step, and what the answer has to hold. */
export interface ExpectedTurn {
  readonly says: string;
  /** A step is one call, or several at once. */
  readonly does?: readonly (ExpectedCall | readonly ExpectedCall[])[];
  readonly answers: readonly string[];
}

/** A conversation, with all tools offered where none are named. */
export interface Task {
  readonly offered?: readonly string[];
  readonly turns: readonly ExpectedTurn[];
}

const uuid = (digit: number): string => `00000000-0000-4000-8000-00000000000${digit}`;

export const ADA = {
  id: uuid(1),
  contact_name: 'Ada Lovelace',
  company: 'Acme',
  city: 'Lisbon',
  stage: 'New',
  tags: ['vip'],
};
export const ADAM = {
  id: uuid(2),
  contact_name: 'Ada Byron',
  company: 'Engines',
  city: 'Porto',
  stage: 'New',
  tags: [],
};
export const GRACE = {
  id: uuid(3),
  contact_name: 'Grace Hopper',
  company: 'Navy',
  city: 'Lisbon',
  stage: 'Qualified',
  tags: [],
};

export const list = (...items: unknown[]) => ({ items, next_cursor: null });
export const PIPELINES = list({
  id: uuid(8),
  name: 'Sales',
  stages: ['New', 'Qualified', 'In conversation', 'Proposal sent', 'Negotiation', 'Onboarding', 'Won', 'Lost'].map(
    (name) => ({ id: uuid(9), name }),
  ),
});

/** A search for a name, which looks through twenty. */
export const finds = (query: string, ...leads: unknown[]): ExpectedCall => [
  'search_leads',
  { query, limit: 20 },
  list(...leads),
];
export const noted = (id: string, text: string): ExpectedCall => ['add_note', { lead_id: id, text }, { id: uuid(7) }];
export const moved = (id: string, stage: string): ExpectedCall => ['move_lead', { id, stage }, { id }];
export const pipelines: ExpectedCall = ['list_pipelines', {}, PIPELINES];
