import { agentsMessages } from '@apollo/contracts';
import { MODEL_BOUNDS, type ModelBounds } from '../model/model.bounds.js';

/** What a run is to whoever does the jobs; a job has the id of its run. */
export const RUN_JOB = 'run';
/** Jobs that one process works on at once, and of one organization: each mostly waits, for models for minutes. */
export const AT_WORK = 64;
export const AT_WORK_OF_ORG = 5;
/** Runs of one organization that are worked on at once, by all processes. */
export const RUNS_AT_ONCE = 4;
/** Times a run is taken up without getting any further before it fails. */
export const ATTEMPTS = 5;

/** Calls of a model in one run. */
export const MOST_STEPS = 20;
/** Times that models are asked the same where they cannot answer, and seconds before the first is asked again. */
export const MOST_TRIES = 4;
export const BACK_OFF_SECONDS = 2;
/** Calls of tools in one answer that are made; a model may ask for more, and is told of each that it is not. */
export const MOST_CALLS = 8;
/** Milliseconds from the moment at which a run begins. */
export const LONGEST_RUN_MS = 300_000;
/** Milliseconds that another service may take for an answer. */
export const PATIENCE_MS = 10_000;
/** Earlier messages of a conversation that a model is told of. */
export const MOST_EARLIER = 10;
/** Characters of what a model is told of those, arguments and results included. */
export const MOST_TOLD = 200_000;
/** Octets of their logs that are read for it. */
export const MOST_READ = 1_000_000;

/** Tokens that a step of the price book stands for, and the price book's name for it. */
export const TOKENS_A_UNIT = 4_000;
export const STEP_ACTION = 'agent.step';

/** How long and how much one call of a model may be within a run. */
export const RUN_BOUNDS: ModelBounds = {
  ...MODEL_BOUNDS,
  outputTokens: 2_500,
  answerBytes: agentsMessages.LONGEST_ANSWER,
  toolCalls: 32,
  argumentBytes: 16 * 1024,
};

/** Entries of a run’s log: of each step, that it is asked, paid for and answered, and two for each call. */
export const MOST_ENTRIES = MOST_STEPS * (4 + 2 * RUN_BOUNDS.toolCalls);
/** Octets of a log that is gone by: more than its entries come to. */
export const MOST_LOG = 32 * 1024 * 1024;
