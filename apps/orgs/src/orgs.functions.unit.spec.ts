import { OrgChangedEvent, OrgCreatedEvent, OrgDeletedEvent, OrgStandingEvent, typeOf } from '@apollo/contracts';
import { functionFiles } from '@apollo/tenancy/postgres';
import { eventFacts } from '@apollo/testing';
import { orgsSchema } from './orgs.schema.js';

describe('the functions of orgs', () => {
  it('tell of the events that the contracts declare', async () => {
    const { declared, written } = await eventFacts(orgsSchema, 'orgs');
    expect(written).toEqual(declared);
  });

  it.each([
    ['events/payload_of_event', `told in ('${typeOf(OrgCreatedEvent)}', '${typeOf(OrgChangedEvent)}')`],
    ['events/payload_of_event', `told = '${typeOf(OrgDeletedEvent)}'`],
    ['events/payload_of_event', `told = '${typeOf(OrgStandingEvent)}'`],
    ['orgs/close_org', `'${typeOf(OrgDeletedEvent)}'`],
    ['orgs/decide_standing', `'${typeOf(OrgStandingEvent)}'`],
  ])('know events by their types: %s says %s', async (name, literal) => {
    const files = await functionFiles(orgsSchema);
    expect(files.find((file) => file.name === `functions/${name}`)?.text).toContain(literal);
  });
});
