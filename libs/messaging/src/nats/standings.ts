import {
  deedOf,
  DomainError,
  type ErrorCode,
  GetStanding,
  may,
  mayNot,
  type orgsMessages,
  type Permission,
  type Role,
  serviceAway,
} from '@apollo/contracts';
import { actingBy, currentTenant, type TenantContext } from '@apollo/tenancy';
import { LRUCache } from 'lru-cache';
import type { Grant } from '../envelope/delegation.grant.js';
import type { Bus } from './bus.client.js';

/**
 * Milliseconds for which it is believed that somebody may, and for which that is gone by while orgs cannot be asked.
 */
const FRESH_MS = 2_000;
const KNOWN_MS = 5_000;
/** Milliseconds that an answer may take. */
const PATIENCE_MS = 1_500;
/** People who are remembered. */
const REMEMBERED = 10_000;

/** Why something may not be done for somebody any more, in words for people. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  /**
   * For whom it is so: everybody of the organization, the person whatever they have done, or this piece of work alone.
   */
  readonly reach: 'organization' | 'person' | 'run';
}

/** What is to be done for somebody. */
export interface StandingQuestion {
  /** What their role must allow; where it is left out, they must be a member. */
  readonly permission?: Permission | undefined;
  /** By what it is done; where it is left out, by nothing that they granted. */
  readonly grant?: Grant | undefined;
  /** With which session they ask for it themselves; left out for what is done when they do not. */
  readonly session?: Pick<TenantContext, 'signOuts' | 'mfa'>;
}

/** Somebody may, in the role that they have now; they may not; or nobody can say. */
export type StandingDecision = { readonly role: Role } | Refusal | 'unknown';

/** Says whether something may still be done for somebody who asked for it before. */
export interface Standings {
  /** About a person in the acting organization. */
  judge(person: string, wanted: StandingQuestion): Promise<StandingDecision>;
}

/**
 * Says so as orgs does. That somebody may is believed for two seconds, and for five while orgs does not answer, from
 * the moment of asking; that somebody may not is asked anew each time: whoever lost a right may have it again.
 */
export class OrgStandings implements Standings {
  private readonly known = new LRUCache<string, { readonly standing: orgsMessages.Standing; readonly asked: number }>({
    max: REMEMBERED,
  });

  /** @param now milliseconds of a clock that is never put back */
  constructor(
    private readonly bus: Pick<Bus, 'request'>,
    private readonly now = () => performance.now(),
  ) {}

  async judge(person: string, wanted: StandingQuestion): Promise<StandingDecision> {
    const key = `${currentTenant().orgId} ${person}`;
    const asked = this.now();
    const known = this.known.get(key);
    const believed = known && judgementOf(known.standing, wanted);
    const isOf = (ms: number) => known !== undefined && this.now() - known.asked < ms;
    if (isGranted(believed) && isOf(FRESH_MS)) return believed;
    try {
      const standing = await ask(this.bus, person);
      this.known.set(key, { standing, asked });
      return judgementOf(standing, wanted);
    } catch {
      return isGranted(believed) && isOf(KNOWN_MS) ? believed : 'unknown';
    }
  }
}

/** Whether a judgement lets something be done. */
export function isGranted(judgement: StandingDecision | undefined): judgement is { readonly role: Role } {
  return typeof judgement === 'object' && 'role' in judgement;
}

/**
 * The role in which something may be done.
 *
 * @throws DomainError why it may not; `service_unavailable` when nobody can say
 */
export function grantedRole(judgement: StandingDecision): Role {
  if (judgement === 'unknown') throw serviceAway('orgs');
  if (!isGranted(judgement)) throw new DomainError(judgement.code, judgement.detail);
  return judgement.role;
}

/** As the service itself: what it acts for somebody by is no part of the question. */
function ask(bus: Pick<Bus, 'request'>, person: string): Promise<orgsMessages.Standing> {
  return actingBy(undefined, () => bus.request(GetStanding, { user_id: person }, { timeoutMs: PATIENCE_MS }));
}

function judgementOf(standing: orgsMessages.Standing, wanted: StandingQuestion): StandingDecision {
  return wanted.session ? ofAsking(standing, wanted.permission, wanted.session) : ofWork(standing, wanted);
}

/** About what they ask for themselves, in the words of the gateway's guard. */
function ofAsking(
  { status, role, sign_outs, mfa_required }: orgsMessages.Standing,
  permission: Permission | undefined,
  { signOuts, mfa }: NonNullable<StandingQuestion['session']>,
): StandingDecision {
  const refused = (code: ErrorCode, detail?: string) => {
    const { detail: told } = new DomainError(code, detail);
    return { code, detail: told, reach: 'person' } as const;
  };
  if (status === 'deleted' || role === null) return refused('org_not_found');
  // A gateway of the release before does not say with which session.
  if (signOuts !== undefined && sign_outs !== undefined && signOuts < sign_outs)
    return refused('unauthenticated', 'The session has ended.');
  if (status !== 'active') return refused('org_suspended');
  if (mfa_required && mfa === false) return refused('mfa_enrollment_required');
  if (permission && !may(role, permission)) return refused('forbidden', mayNot(role, permission));
  return { role };
}

function ofWork(
  { status, role, sign_outs, mfa_required }: orgsMessages.Standing,
  { permission, grant }: StandingQuestion,
): StandingDecision {
  const refused = (reach: Refusal['reach'], detail: string, code: ErrorCode = 'forbidden') => ({ code, detail, reach });
  if (status === 'deleted') return refused('organization', 'The organization was deleted.', 'org_not_found');
  if (status !== 'active') return refused('organization', 'The organization was suspended.', 'org_suspended');
  if (role === null) return refused('person', 'Whoever started it is no member of the organization any more.');
  if (permission && !may(role, permission))
    return refused('person', `Whoever started it may not ${deedOf(permission)} any more.`);
  if (permission && grant && !grant.permissions.includes(permission))
    return refused('run', `It was not started with the right to ${deedOf(permission)}.`);
  if (grant?.mfa === false && mfa_required)
    return refused(
      'run',
      'The organization asks for a second factor now, without which it was started.',
      'mfa_enrollment_required',
    );
  // A peer of the release before does not say; nobody was signed out of what was granted before it could.
  if (grant && sign_outs !== undefined && grant.signOuts < sign_outs)
    return refused('run', 'Whoever started it was signed out everywhere since then.');
  return { role: role as Role };
}
