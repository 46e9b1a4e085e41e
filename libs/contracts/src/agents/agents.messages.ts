import { MAX_STARS } from '../billing-stars/stars.limits.js';
import {
  Choice,
  Described,
  Flag,
  Instant,
  Int,
  NestedList,
  Nullable,
  Optional,
  Text,
  TextList,
  Uuid,
} from '../message/fields.js';
import { Page } from '../message/shared.messages.js';
import { TOOL_NAMES } from './tool.catalog.js';

export * from './conversation.messages.js';
export * from './document.messages.js';

/** The model of a persona for which nobody has named one: it needs no key. */
export const DEFAULT_MODEL = 'apollo-offline-1';
/** Characters of a persona's instructions at most. */
export const LONGEST_INSTRUCTIONS = 20_000;
/** Characters of a fact at most. */
export const LONGEST_FACT = 1_000;

const version = { min: 1, max: 2_000_000_000 };
const stars = { min: 0, max: MAX_STARS };
const name = { max: 100 };
const description = { max: 300 };
const instructions = { max: LONGEST_INSTRUCTIONS, lines: true };
const tools = { max: 50, length: 40 };
/** What a model is called. */
export const MODEL_NAME = {
  max: 100,
  pattern: /^[A-Za-z0-9][A-Za-z0-9._:/@-]*$/,
  message: '$property must be letters, digits and . _ : / @ -',
};
const TOOLS_SAID = `Out of: ${TOOL_NAMES.join(', ')}.`;
const CAP_SAID = 'Stars a day; absent, what the organization allows each of its agents.';

export class PersonaRequest {
  @Uuid() id!: string;
}

export class VersionedPersonaRequest extends PersonaRequest {
  @Optional() @Int(version) if_match?: number;
}

export class CreatePersonaRequest {
  /** None of the organization’s other personas in use has it, whatever the case of its letters. */
  @Text(name) name!: string;
  @Optional() @Text(description) description?: string;
  @Text(instructions) instructions!: string;
  @Optional() @Described(TOOLS_SAID) @TextList(tools) tools?: string[];
  @Optional() @Text(MODEL_NAME) model?: string;
  @Optional() @Described(CAP_SAID) @Int(stars) daily_cap?: number;
}

export class UpdatePersonaRequest {
  @Uuid() id!: string;
  @Optional() @Text(name) name?: string;
  @Optional() @Nullable() @Text(description) description?: string | null;
  @Optional() @Text(instructions) instructions?: string;
  @Optional() @Described(TOOLS_SAID) @TextList(tools) tools?: string[];
  @Optional() @Text(MODEL_NAME) model?: string;
  /** Once it is said it can be changed and not unsaid, as any cap. */
  @Optional() @Described(CAP_SAID) @Int(stars) daily_cap?: number;
  @Optional() @Int(version) if_match?: number;
}

/** A model that personas may have here. */
export class Model {
  @Text({ max: MODEL_NAME.max }) name!: string;
  /** Models that are asked instead where this one cannot answer, in their order. */
  @TextList({ max: 5, length: MODEL_NAME.max }) fallback!: string[];
}

export class ModelList {
  @NestedList(() => Model, { max: 100 }) items!: Model[];
}

/** What a persona consists of, but for its instructions. */
class PersonaFrame {
  @Text(name) name!: string;
  @Nullable() @Text(description) description!: string | null;
  @TextList(tools) tools!: string[];
  @Text({ max: MODEL_NAME.max }) model!: string;
  /** Stars a day; null: what the organization allows each of its agents. */
  @Nullable() @Int(stars) daily_cap!: number | null;
  @Flag() archived!: boolean;
  /** Of the persona, from 1 without gaps; the higher, the later. */
  @Int(version) version!: number;
}

export class ListedPersona extends PersonaFrame {
  /** By which it is called an agent elsewhere: in caps and in the ledger. */
  @Uuid() id!: string;
  /** Every organization has this one, from its beginning. */
  @Flag() is_chief_of_staff!: boolean;
  @Instant() created_at!: string;
}

export class Persona extends ListedPersona {
  @Text(instructions) instructions!: string;
}

export class PersonaList {
  @NestedList(() => ListedPersona, { max: 200 }) items!: ListedPersona[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ListPersonaVersionsRequest extends Page {
  @Uuid() id!: string;
}

/** A persona as it was from a change until the next one. */
export class PersonaVersion extends PersonaFrame {
  @Text(instructions) instructions!: string;
  /** User id or `system:<service>`. */
  @Text({ max: 60 }) changed_by!: string;
  @Instant() changed_at!: string;
}

export class PersonaVersionList {
  @NestedList(() => PersonaVersion, { max: 200 }) items!: PersonaVersion[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

export class ListFactsRequest extends Page {
  @Uuid() persona_id!: string;
}

export class FactRequest {
  @Uuid() persona_id!: string;
  @Uuid() id!: string;
}

export class VersionedFactRequest extends FactRequest {
  @Optional() @Int(version) if_match?: number;
}

export class NoteFactRequest {
  @Uuid() persona_id!: string;
  @Text({ max: LONGEST_FACT, lines: true }) text!: string;
}

export class CorrectFactRequest extends VersionedFactRequest {
  @Text({ max: LONGEST_FACT, lines: true }) text!: string;
}

/** Something that a persona remembers; whoever corrects it is who noted it from then on. */
export class Fact {
  @Uuid() id!: string;
  @Uuid() persona_id!: string;
  @Text({ max: LONGEST_FACT, lines: true }) text!: string;
  /** Whether a person noted it, or the persona itself while it worked. */
  @Choice(['person', 'run']) source!: 'person' | 'run';
  /** User id or `system:<service>`. */
  @Text({ max: 60 }) noted_by!: string;
  @Instant() noted_at!: string;
  @Int(version) version!: number;
}

export class FactList {
  @NestedList(() => Fact, { max: 200 }) items!: Fact[];
  @Nullable() @Text({ max: 2000 }) next_cursor!: string | null;
}

/** Of the persona the event is about; what it consists of is asked for where it is kept. */
export class PersonaFacts {
  @Int(version) version!: number;
}

/** What a persona may use a day. */
export class PersonaCap {
  @Int(stars) stars!: number;
}
