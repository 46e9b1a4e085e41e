import type { agentsMessages } from '@apollo/contracts';
import { call, deletion, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';

/** Most facts that a persona remembers. */
export const MOST_FACTS = 1_000;

type Fact = agentsMessages.Fact;
type Row = Omit<Fact, 'noted_at'> & { noted_at: Date };
interface Place {
  persona_id: string;
  id: string;
}

const COLUMNS = 'id, persona_id, text, source, noted_by, noted_at, version';
const persona = statement<object, { persona_id: string }>(
  'persona that remembers',
  'select id from agents.personas where org_id = :org and id = :persona_id',
);
/* Whoever has a persona remember something waits for whoever else does: what is counted behind that is all there is. */
const inTurn = statement<object, { persona_id: string }>(
  'note facts in turn',
  'select id from agents.personas where org_id = :org and id = :persona_id for no key update',
);
const page = statement<Row, { persona_id: string; after: string; limit: number }>(
  'facts page',
  `select ${COLUMNS} from agents.facts where org_id = :org and persona_id = :persona_id and id > :after order by id limit :limit`,
);
const one = statement<Row, Place>(
  'fact',
  `select ${COLUMNS} from agents.facts where org_id = :org and persona_id = :persona_id and id = :id`,
);
const locked = statement<Row, Place>(
  'lock fact',
  `select ${COLUMNS} from agents.facts where org_id = :org and persona_id = :persona_id and id = :id for update`,
);
const note = statement<Row, Place & { text: string; source: Fact['source']; at: Date }>(
  'note fact',
  `
  insert into agents.facts (org_id, id, persona_id, text, source, noted_by, noted_at, version)
  select :org, :id::uuid, p.id, :text::text, :source::text, :actor, :at::timestamptz, 1
  from agents.personas p where p.org_id = :org and p.id = :persona_id
    and (select count(*) from agents.facts where org_id = :org and persona_id = :persona_id) < ${MOST_FACTS}
  returning ${COLUMNS}`,
);
const correct = statement<Row, Place & { text: string; at: Date; version: number }>(
  'correct fact',
  `
  update agents.facts set text = :text, source = 'person', noted_by = :actor, noted_at = :at, version = :version
  where org_id = :org and persona_id = :persona_id and id = :id returning ${COLUMNS}`,
);
const remove = statement<{ id: string }, Place & { version: number | null }>(
  'delete fact',
  deletion(
    'agents.facts',
    'org_id = :org and persona_id = :persona_id and id = :id and (:version::int is null or version = :version::int)',
  ),
);

/** What personas remember. */
@Injectable()
export class FactRepository {
  constructor(private readonly database: TenantDatabase) {}

  /**
   * At most `limit` facts after the one with id `after`, in the order of their ids; nothing when there is no such
   * persona.
   */
  async page(personaId: string, after: string, limit: number): Promise<Fact[] | undefined> {
    const [known, rows] = await this.database.batch([
      call(persona, { persona_id: personaId }),
      call(page, { persona_id: personaId, after, limit }),
    ]);
    return known.length > 0 ? rows.map(factOf) : undefined;
  }

  async find(place: Place): Promise<Fact | undefined> {
    const [row] = await this.database.query(one, place);
    return row && factOf(row);
  }

  /** The fact as it is once every other change to it has ended; locked until the transaction does. */
  async findForUpdate(place: Place): Promise<Fact | undefined> {
    const [row] = await this.database.query(locked, place);
    return row && factOf(row);
  }

  /**
   * What the acting person tells a persona, or a run notes that acts for them.
   *
   * @returns `full` when it remembers as much as it may, nothing when there is no such persona
   */
  async note(
    place: Place,
    { text, source }: Pick<Fact, 'text' | 'source'>,
    at: Date,
  ): Promise<Fact | 'full' | undefined> {
    const [known, [row]] = await this.database.batch([
      call(inTurn, { persona_id: place.persona_id }),
      call(note, { ...place, text, source, at }),
    ]);
    if (known.length === 0) return undefined;
    return row ? factOf(row) : 'full';
  }

  /** Puts another text, the acting person's, in the place of a fact that was locked before. */
  async correct(place: Place, text: string, version: number, at: Date): Promise<Fact> {
    const [row] = await this.database.query(correct, { ...place, text, version, at });
    return factOf(row as Row);
  }

  /** False when there is no such fact, or it is of another version. */
  async remove(place: Place, version: number | undefined): Promise<boolean> {
    return (await this.database.query(remove, { ...place, version: version ?? null })).length > 0;
  }
}

function factOf(row: Row): Fact {
  return { ...row, noted_at: row.noted_at.toISOString() };
}
