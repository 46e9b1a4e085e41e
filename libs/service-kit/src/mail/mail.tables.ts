import { p, platformTable } from '@apollo/tenancy/postgres';

/**
 * Mails on their way, of all organizations: only the platform reads or writes them, so nothing that runs under an
 * organization's tag sends a mail or keeps one back. A row is gone once its mail was taken by the mail server or given
 * up.
 */
export function mailTable(schema: string) {
  return platformTable({
    name: 'WaitingMail',
    schema,
    table: 'mails',
    deletable: true,
    properties: {
      /** Whose turn it goes in: an organization, or a person. */
      turn: p.uuid(),
      /** Address and text, sealed: links open what they lead to. */
      sealed: p.text(),
      attempts: p.integer().default(0),
      dueAt: p.datetime(3),
      /** When it is given up. */
      until: p.datetime(3),
    },
    indexes: [['turn', 'dueAt']],
  });
}
