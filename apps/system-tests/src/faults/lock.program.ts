import { text } from 'node:stream/consumers';
import pg from 'pg';

/** Takes a lock, says so and stays: told on its input where, under which tag, and by which statement. */
const { url, tag, sql } = JSON.parse(await text(process.stdin)) as { url: string; tag: string; sql: string };
const client = new pg.Client({ connectionString: url });
client.on('error', () => process.exit(1));
await client.connect();
await client.query('begin');
await client.query('select tenancy.carry($1)', [tag]);
await client.query(sql);
process.stdout.write('locked\n');
setInterval(() => undefined, 1_000);
