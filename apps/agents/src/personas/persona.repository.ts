import type { agentsMessages } from '@apollo/contracts';
import { newId } from '@apollo/tenancy';
import { call, isUniqueViolation, type Statement, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** Most personas of one organization, archived ones included. */
export const MOST_PERSONAS = 100;

type Persona = agentsMessages.Persona;
type Listed = agentsMessages.ListedPersona;
type Version = agentsMessages.PersonaVersion;

interface Stored {
  created_at: Date;
}
interface StoredVersion {
  changed_at: Date;
}
/** What a persona consists of, as parameters; who changed it is the acting person. */
type Settings = Omit<Version, 'changed_by' | 'changed_at'>;
type NewPersona = Settings & { id: string; version_id: string; at: Date };

const LISTED = 'id, name, description, tools, model, daily_cap, archived, version, is_chief_of_staff, created_at';
const page = statement<Omit<Listed, 'created_at'> & Stored, { after: string; limit: number }>(
  'personas page',
  `select ${LISTED} from agents.personas where org_id = :org and id > :after order by id limit :limit`,
);
const one = statement<Omit<Persona, 'created_at'> & Stored, { id: string }>(
  'persona',
  `select ${LISTED}, instructions from agents.personas where org_id = :org and id = :id`,
);
const locked = statement<Omit<Persona, 'created_at'> & Stored, { id: string }>(
  'lock persona',
  `select ${LISTED}, instructions from agents.personas where org_id = :org and id = :id for no key update`,
);
const exists = statement<object, { id: string }>(
  'persona exists',
  'select id from agents.personas where org_id = :org and id = :id',
);
const chief = statement<{ id: string }, object>(
  'chief of staff',
  'select id from agents.personas where org_id = :org and is_chief_of_staff',
);
const versions = statement<Omit<Version, 'changed_at'> & StoredVersion, { id: string; before: number; limit: number }>(
  'persona versions page',
  `
  select name, description, instructions, tools, model, daily_cap, archived, version, changed_by, changed_at
  from agents.persona_versions where org_id = :org and persona_id = :id and version < :before::bigint
  order by version desc limit :limit`,
);
/* Whoever makes one waits for whoever else does: what is counted behind that is all that there are. */
const inTurn = statement<object, object>(
  'make personas in turn',
  'select id from agents.personas where org_id = :org order by id for no key update',
);

const SETTINGS = 'name, description, instructions, tools, model, daily_cap, archived, version';
const SET = `:name::text, :description::text, :instructions::text, :tools::text[], :model::text, :daily_cap::int, :archived::bool, :version::int`;

/** Makes a persona with its first version. */
const create = (name: string, isChief: boolean, condition: string): Statement<{ id: string }, NewPersona> =>
  statement<{ id: string }, NewPersona>(
    name,
    `
  with persona as (
    insert into agents.personas (org_id, id, ${SETTINGS}, is_chief_of_staff, created_at)
    select :org, :id::uuid, ${SET}, ${isChief}, :at::timestamptz ${condition} returning id)
  insert into agents.persona_versions (org_id, id, persona_id, ${SETTINGS}, changed_by, changed_at)
  select :org, :version_id::uuid, persona.id, ${SET}, :actor, :at::timestamptz from persona returning persona_id as id`,
  );
const createNamed = create(
  'create persona',
  false,
  `where (select count(*) from agents.personas where org_id = :org) < ${MOST_PERSONAS}`,
);
// Two at once: the second waits for the first's commit and makes nothing. No key is named: they meet at the name or at
// the one that there may be, whichever index Postgres looks at first.
const createChief = create('create chief of staff', true, 'on conflict do nothing');

const update = statement<object, Settings & { id: string }>(
  'update persona',
  `
  update agents.personas set name = :name, description = :description, instructions = :instructions, tools = :tools,
    model = :model, daily_cap = :daily_cap, archived = :archived, version = :version
  where org_id = :org and id = :id`,
);
const addVersion = statement<object, NewPersona>(
  'add persona version',
  `
  insert into agents.persona_versions (org_id, id, persona_id, ${SETTINGS}, changed_by, changed_at)
  values (:org, :version_id::uuid, :id::uuid, ${SET}, :actor, :at::timestamptz)`,
);

/** Personas and what they were. */
@Injectable()
export class PersonaRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** At most `limit` personas after the one with id `after`, oldest first. */
  async page(after: string, limit: number): Promise<Listed[]> {
    return (await this.database.query(page, { after, limit })).map(withTime);
  }

  async find(id: string): Promise<Persona | undefined> {
    const [row] = await this.database.query(one, { id });
    return row && withTime(row);
  }

  /** The persona as it is once every other change to it has ended; locked until the transaction does. */
  async findForUpdate(id: string): Promise<Persona | undefined> {
    const [row] = await this.database.query(locked, { id });
    return row && withTime(row);
  }

  /** At most `limit` versions before `before`, newest first; nothing when there is no such persona. */
  async versions(id: string, before: number, limit: number): Promise<Version[] | undefined> {
    const [known, rows] = await this.database.batch([call(exists, { id }), call(versions, { id, before, limit })]);
    return known.length > 0 ? rows.map((row) => ({ ...row, changed_at: row.changed_at.toISOString() })) : undefined;
  }

  /**
   * With its first version. False when the organization has as many as it may have.
   *
   * @throws pg error for a name that is taken
   */
  async create(persona: Settings & { id: string }, at: Date): Promise<boolean> {
    const [, [made]] = await this.database.batch([
      call(inTurn, {}),
      call(createNamed, { ...persona, version_id: newId(), at }),
    ]);
    return made !== undefined;
  }

  /** As `create`, for the one that every organization has. False when there is one, or something else has its name. */
  async createChiefOfStaff(persona: Settings & { id: string }, at: Date): Promise<boolean> {
    return (await this.database.query(createChief, { ...persona, version_id: newId(), at })).length > 0;
  }

  /** Whether the organization has its Chief of Staff, as far as that is committed. */
  async hasChiefOfStaff(): Promise<boolean> {
    return (await this.database.query(chief, {})).length > 0;
  }

  /**
   * Writes a persona that was locked before, and keeps the version that it is now.
   *
   * @throws pg error for a name that is taken
   */
  async save(persona: Settings & { id: string }, at: Date): Promise<void> {
    await this.database.batch([call(update, persona), call(addVersion, { ...persona, version_id: newId(), at })]);
  }
}

function withTime<Row extends Stored>(row: Row): Omit<Row, 'created_at'> & { created_at: string } {
  return { ...row, created_at: row.created_at.toISOString() };
}

/** Whether what was written has a name that another persona in use has. */
export function isNameTaken(error: unknown): boolean {
  return isUniqueViolation(error, 'personas_name');
}
