import { call, functionCall, statement, TenantDatabase } from '@apollo/tenancy/postgres';
import { Injectable } from '@nestjs/common';
import { addressKey } from './address.rules.js';

/** What the directory says of an account. */
export interface AccountRecord {
  readonly email: string;
  readonly operator: boolean;
  readonly may_create_orgs: boolean;
}

const find = functionCall<{ user_id: string }, { key: string }>(
  'find account',
  'select * from identity.find_account(:key)',
);
const describe = functionCall<AccountRecord, { id: string }>(
  'describe account',
  'select * from identity.describe_account(:id)',
);
const add = functionCall<object, { id: string; email: string; key: string; grants: boolean; now: Date }>(
  'add account',
  'select * from identity.add_account(:id, :email, :key, :grants, :now)',
);
const allowOrgs = functionCall<object, { id: string }>('allow orgs', 'select * from identity.allow_orgs(:id)');
const makeOperator = functionCall<object, { id: string }>('make operator', 'select * from identity.make_operator(:id)');
const mine = functionCall<Pick<AccountRecord, 'email' | 'operator'>, object>(
  'my account',
  'select * from identity.my_account()',
);
const addPerson = statement<object, { name: string; now: Date }>(
  'people add',
  'insert into identity.people (user_id, id, name, created_at) values (:actor, :actor, :name, :now)',
);
const person = statement<{ name: string; created_at: Date }, object>(
  'people read',
  'select name, created_at from identity.people where user_id = :actor and id = :actor',
);

/** Accounts: the directory under scope `platform`, a person's own record under that person's context. */
@Injectable()
export class AccountRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** Platform. Whose address this is. */
  async find(email: string): Promise<string | undefined> {
    const [row] = await this.database.query(find, { key: addressKey(email) });
    return row?.user_id;
  }

  /** Platform. */
  async describe(id: string): Promise<AccountRecord | undefined> {
    const [row] = await this.database.query(describe, { id });
    return row;
  }

  /** Platform. @throws unique violation `email_key` when the address has an account */
  async add(id: string, email: string, mayCreateOrgs: boolean, now: Date): Promise<void> {
    await this.database.query(add, { id, email, key: addressKey(email), grants: mayCreateOrgs, now });
  }

  /** Platform. */
  async allowOrgs(id: string): Promise<void> {
    await this.database.query(allowOrgs, { id });
  }

  /** Platform. */
  async makeOperator(id: string): Promise<void> {
    await this.database.query(makeOperator, { id });
  }

  /** Person. The acting person's entry in the directory. */
  async mine(): Promise<Pick<AccountRecord, 'email' | 'operator'> | undefined> {
    const [row] = await this.database.query(mine, {});
    return row;
  }

  /** Person. */
  async addPerson(name: string, now: Date): Promise<void> {
    await this.database.query(addPerson, { name, now });
  }

  /** Person. */
  async person(): Promise<{ name: string; created_at: Date } | undefined> {
    const [rows] = await this.database.batch([call(person, {})]);
    return rows?.[0] as { name: string; created_at: Date } | undefined;
  }
}
