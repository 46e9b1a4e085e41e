import { deletion, platformStatement, type TenantDatabase } from '@apollo/tenancy/postgres';

/** A mail that somebody has taken to send it. */
export interface DueMail {
  readonly id: string;
  readonly turn: string;
  readonly sealed: string;
  readonly attempts: number;
  readonly until: Date;
}

/** A mail by name: ids are unique to whoever gave them, and what is done is done to nobody else's. */
export type NamedMail = Pick<DueMail, 'id' | 'turn'>;

/** Of whose mails some are to be taken. */
export interface Taking {
  /** Turns that are passed over. */
  readonly without: readonly string[];
  /** The turn that was the last one. */
  readonly after: string;
  readonly most: number;
}

/** For how long nobody else takes a mail that one has taken: its process may have ended. */
const TAKEN = '5 minutes';

function statementsFor(schema: string) {
  const table = `${schema}.mails`;
  return {
    add: platformStatement<object, { id: string; turn: string; sealed: string; until: Date }>(
      `${table} add`,
      `insert into ${table} (id, turn, sealed, due_at, until) values (:id, :turn, :sealed, now(), :until)`,
    ),
    // Of each turn the mail that is due first; turns one after the other, from behind the last one.
    take: platformStatement<DueMail, Taking>(
      `${table} take`,
      `update ${table} m set due_at = now() + interval '${TAKEN}', attempts = m.attempts + 1
       where m.due_at <= now() and m.id in (
         select d.id from (
           select distinct on (q.turn) q.turn, q.id from ${table} q
           where q.due_at <= now() and q.turn <> all(:without::uuid[]) order by q.turn, q.due_at, q.id) d
         order by d.turn <= :after::uuid, d.turn limit :most)
       returning m.id, m.turn, m.sealed, m.attempts, m.until`,
    ),
    putOff: platformStatement<object, NamedMail & { seconds: number }>(
      `${table} put off`,
      `update ${table} set due_at = now() + make_interval(secs => :seconds) where turn = :turn and id = :id`,
    ),
    remove: platformStatement<object, NamedMail>(`${table} remove`, deletion(table, 'turn = :turn and id = :id')),
  };
}

/** The mails of a service that wait; scope `platform`. */
export class MailQueue {
  private readonly statements: ReturnType<typeof statementsFor>;

  constructor(
    private readonly database: TenantDatabase,
    schema: string,
  ) {
    this.statements = statementsFor(schema);
  }

  async add(mail: { id: string; turn: string; sealed: string; until: Date }): Promise<void> {
    await this.database.query(this.statements.add, mail);
  }

  /** Of several processes that ask at once, one gets a mail. */
  async take(taking: Taking): Promise<DueMail[]> {
    return this.database.query(this.statements.take, taking);
  }

  async putOff({ id, turn }: NamedMail, seconds: number): Promise<void> {
    await this.database.query(this.statements.putOff, { id, turn, seconds });
  }

  /** @returns whether it was there */
  async remove({ id, turn }: NamedMail): Promise<boolean> {
    return (await this.database.query(this.statements.remove, { id, turn })).length > 0;
  }
}
