import { DomainError } from '@apollo/contracts';
import type { Grant, GrantReader, StandingDecision, StandingQuestion } from '@apollo/messaging';
import { twoOrgs } from '@apollo/testing';
import { newId } from '@apollo/tenancy';
import { DelegationPermit } from './delegation.permit.js';

const [a, b] = twoOrgs();
const id = newId();
const grant: Grant = {
  service: 'leads',
  orgId: a.id,
  person: a.owner,
  run: id,
  permissions: ['leads.import'],
  signOuts: 0,
  expires: 0,
};
const permission = 'leads.import';

describe('the permit of a job', () => {
  let known: Map<string, Grant>;
  let judged: StandingDecision;
  let wanted: StandingQuestion[];
  let permit: DelegationPermit;

  beforeEach(() => {
    [known, judged, wanted] = [new Map([['a grant', grant]]), { role: 'owner' }, []];
    const standings = {
      judge: (_person: string, what: StandingQuestion) => {
        wanted.push(what);
        return Promise.resolve(judged);
      },
    };
    const read = (text: string): Grant => {
      const found = known.get(text);
      if (text === 'of the future') throw new DomainError('service_unavailable');
      if (!found) throw new DomainError('message_rejected');
      return found;
    };
    permit = new DelegationPermit('leads', standings, { read } as unknown as GrantReader);
  });
  const ask = (delegation: string | null = 'a grant', { of = a, actor = a.owner, job = id } = {}) =>
    of.as(() => permit.ask({ id: job, permission, delegation }), { actor });

  it('is what its person may now, within what they granted', async () => {
    expect(await ask()).toBe('granted');
    expect(wanted).toEqual([{ permission, grant }]);
    judged = { code: 'forbidden', detail: 'No.', reach: 'person' };
    expect(await ask()).toEqual(judged);
    judged = 'unknown';
    expect(await ask()).toBe('unknown');
  });

  it('is what its kind needs where a release before started it', async () => {
    expect(await ask(null)).toBe('granted');
    expect(wanted).toEqual([{ permission, grant: undefined }]);
  });

  it('is unknown where a clock says that the grant is not issued yet: work rests, and is not stopped for it', async () => {
    expect(await ask('of the future')).toBe('unknown');
    expect(wanted).toEqual([]);
  });

  it('is refused by a grant that is not valid any more, or is not of this job, service, person and organization', async () => {
    const refused = { code: 'forbidden', reach: 'run' };
    expect(await ask('no grant')).toMatchObject(refused);
    expect(await ask('a grant', { job: newId() })).toMatchObject(refused);
    expect(await ask('a grant', { actor: a.viewer })).toMatchObject(refused);
    expect(await ask('a grant', { of: b })).toMatchObject(refused);
    known.set('another’s', { ...grant, service: 'agents' });
    expect(await ask('another’s')).toMatchObject(refused);
    expect(wanted).toEqual([]);
  });
});
