import { AccessChangedEvent, DURABLE_EVENTS, GetLead, WatchImport } from '@apollo/contracts';
import { durableRoutes, EVENTS, streamOf } from '../durable/event.streams.js';
import { crossings, patternOf } from './nats.accounts.js';

const ways = crossings();
const between = (owner: string, guest: string) => ways.filter((way) => way.owner === owner && way.guest === guest);

describe('the ways between accounts', () => {
  it('let a service be asked by the callers of its contracts, and by nobody else', () => {
    const ofLead = ways.filter(({ subject }) => subject === patternOf(GetLead));
    expect(ofLead).toEqual(
      GetLead.callers.map((guest) => ({ kind: 'service', owner: 'leads', subject: 'rpc.*.leads.get-lead.v1', guest })),
    );
  });

  it('let many answers come back to whoever watches, each within so many seconds of the one before', () => {
    const watched = ways.filter(({ subject }) => subject === patternOf(WatchImport));
    expect(watched.map(({ kind, guest, streamedWithinS }) => [kind, guest, streamedWithinS])).toEqual(
      WatchImport.callers.map((guest) => ['service', guest, 20]),
    );
  });

  it('let each durable event into the streams from its service alone', () => {
    expect(DURABLE_EVENTS.length).toBeGreaterThan(5);
    for (const event of DURABLE_EVENTS)
      expect(ways.filter(({ owner, subject }) => owner === EVENTS && subject === patternOf(event))).toEqual([
        { kind: 'service', owner: EVENTS, subject: patternOf(event), guest: event.service },
      ]);
  });

  it('tell other events to those who take them', () => {
    const { service, consumers } = AccessChangedEvent;
    const told = consumers.map((guest) => ({
      kind: 'stream',
      owner: service,
      subject: patternOf(AccessChangedEvent),
      guest,
    }));
    expect(ways.filter(({ subject }) => subject === patternOf(AccessChangedEvent))).toEqual(told);
  });

  it('let whoever takes durable events have its own consumer alone, under the name of the streams’ domain', () => {
    for (const { producer, consumer } of durableRoutes()) {
      const stream = streamOf(producer);
      const subjects = between(EVENTS, consumer).map(({ subject }) => subject);
      expect(subjects).toEqual(
        expect.arrayContaining([
          `$JS.API.STREAM.INFO.${stream}`,
          `$JS.API.CONSUMER.INFO.${stream}.${consumer}`,
          `$JS.API.CONSUMER.MSG.NEXT.${stream}.${consumer}`,
          `$JS.ACK.${stream}.${consumer}.>`,
        ]),
      );
      const others = subjects.filter((subject) => /CONSUMER|ACK/.test(subject) && !subject.includes(`.${consumer}`));
      expect(others).toEqual([]);
    }
    const api = between(EVENTS, 'billing-stars').filter(({ subject }) => subject.startsWith('$JS.API.'));
    expect(api.map(({ as }) => as)).toEqual(api.map(({ subject }) => subject.replace('$JS.API', `$JS.${EVENTS}.API`)));
    expect(api.filter(({ streamedWithinS }) => streamedWithinS === 35)).toHaveLength(
      durableRoutes().filter(({ consumer }) => consumer === 'billing-stars').length,
    );
  });
});
