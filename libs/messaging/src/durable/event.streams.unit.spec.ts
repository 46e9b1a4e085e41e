import { OrgChangedEvent, OrgCreatedEvent, OrgDeletedEvent, OrgStandingEvent, SERVICES } from '@apollo/contracts';
import { LARGEST_EVENT_BYTES } from './durable.tables.js';
import { consumerConfig, durableEventsBetween, durableRoutes, everyOrgs, streamConfig } from './event.streams.js';

const seconds = (many: number): number => many * 1e9;

/** What these say is composed by the database, in a few words. */
const COMPOSED = new Set([OrgCreatedEvent, OrgChangedEvent, OrgDeletedEvent, OrgStandingEvent].map(everyOrgs));

describe('the stream of a service', () => {
  it('keeps its events for a week up to its bound, the newest of them, and lets nobody take any away', () => {
    expect(streamConfig('orgs', {})).toMatchObject({
      name: 'orgs-events',
      retention: 'limits',
      storage: 'file',
      discard: 'old',
      num_replicas: 1,
      max_age: seconds(7 * 86_400),
      max_bytes: 1_073_741_824,
      max_msgs_per_subject: 50_000,
      duplicate_window: seconds(5),
      deny_delete: true,
      deny_purge: true,
    });
    expect(streamConfig('orgs', { replicas: 3, maxBytes: 7 })).toMatchObject({ num_replicas: 3, max_bytes: 7 });
  });

  it('has room for all that one organization has told, as large as it may be, and for what others tell', () => {
    // Headers and the seal's path come to less than the payload's bound.
    const eventBytes = 2 * LARGEST_EVENT_BYTES;
    for (const service of SERVICES) {
      const { subjects, max_msgs_per_subject, max_bytes } = streamConfig(service, {});
      const fromSql = subjects.filter((subject) => !COMPOSED.has(subject)).length;
      expect(fromSql * max_msgs_per_subject * eventBytes).toBeLessThan(max_bytes);
    }
  });

  it('takes the events of that service and of no other', () => {
    const { subjects } = streamConfig('leads', {});
    expect(subjects).toContain('evt.*.leads.lead.created.v1');
    expect(subjects.filter((subject) => !subject.startsWith('evt.*.leads.'))).toEqual([]);
  });
});

describe('the consumer of a service', () => {
  it('is given what it takes, each until it has confirmed it, from the first one on', () => {
    expect(durableRoutes()).toContainEqual({ producer: 'orgs', consumer: 'billing-stars' });
    expect(consumerConfig('orgs', 'billing-stars')).toEqual({
      name: 'billing-stars',
      durable_name: 'billing-stars',
      ack_policy: 'explicit',
      deliver_policy: 'all',
      ack_wait: seconds(30),
      max_ack_pending: 500,
      max_deliver: -1,
      filter_subjects: durableEventsBetween('orgs', 'billing-stars').map(everyOrgs).sort(),
    });
  });
});
