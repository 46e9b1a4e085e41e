import { command, type ServiceName } from './contract.js';
import { PurgeReceipt } from './purge.messages.js';
import { Empty } from './shared.messages.js';

/**
 * Has a service purge what it keeps of the acting organization, which was deleted and whose time is up: a batch each
 * time it is asked, until the receipt is complete. Nobody but orgs knows when that is. What is purged stays so: the
 * same asked twice does no harm, and the receipt counts each row once.
 */
export function purgeOrganization<const Service extends ServiceName>(service: Service) {
  return command({
    service,
    scope: 'org',
    callers: ['orgs'],
    method: 'purge-organization',
    request: Empty,
    reply: PurgeReceipt,
    remembersItself: true,
  });
}
