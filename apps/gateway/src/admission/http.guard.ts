import { DomainError, may, mayNot, type RequestContract } from '@apollo/contracts';
import { type ActingRole, runInTenantContext, type TenantContext } from '@apollo/tenancy';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RoutePlan } from '../http/route.plan.js';
import type { AccessTokens } from './access.token.js';
import type { DenialRecorder } from './denial.recorder.js';
import type { OrgAccess } from './org.access.js';
import type { RateLimits } from './rate.limits.js';
import { traceOf } from './request.origin.js';
import type { SessionGate } from './session.gate.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** For whom the request acts; null where no contract is asked. Only the guard sets it. */
    tenant: TenantContext | null;
    /** The session that asks; null where none was looked at. Only the guard sets it. */
    sessionId: string | null;
    /** Whether its body was still on its way after the guard had let it in. */
    awaited: boolean;
  }
}

/** Bytes of an address; the longest sensible one holds two cursors. */
const MAX_URL = 8_192;

/**
 * The HTTP guard: decides, before a byte of the body is read, for whom a request acts, and opens that context around
 * everything that follows. A route without a plan (no such route) gets none.
 */
export class HttpGuard {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly sessions: SessionGate,
    private readonly access: OrgAccess,
    private readonly limits: RateLimits,
    private readonly denials: DenialRecorder,
  ) {}

  /** Puts the guard in front of every route of the server. */
  install(fastify: FastifyInstance): void {
    fastify.decorateRequest('tenant', null);
    fastify.decorateRequest('sessionId', null);
    fastify.decorateRequest('awaited', false);
    fastify.addHook('onRequest', (request, _reply, done) => {
      this.admit(request).then(() => done(), done);
    });
    // A second time after the body was read: its last chunk arrives in the context of the socket, which has none. While
    // somebody waited for it, the access may have ended. A body that is not there yet is read, and asked about, by a
    // controller.
    fastify.addHook('preValidation', (request, _reply, done) => {
      if (!request.tenant || !request.awaited || !request.raw.complete) return within(request, done);
      this.enter(request, false).then(() => within(request, done), done);
    });
  }

  /**
   * Runs a further part of a long request, if it may still act: so an upload or a stream ends when the access ends.
   *
   * @throws DomainError why it may not act any more
   */
  async again<T>(request: FastifyRequest, plan: RoutePlan, fn: () => Promise<T>): Promise<T> {
    return runInTenantContext(await this.contextOf(request, plan, false), fn);
  }

  /** When what a request was let in with expires. @throws DomainError `unauthenticated` when it has */
  async endOf(request: FastifyRequest): Promise<Date> {
    return new Date((await this.tokens.verify(request.headers.authorization)).expires * 1_000);
  }

  /** @param count whether this is a request of its own, which counts against the organization's limit, refused or not */
  private async contextOf(request: FastifyRequest, plan: RoutePlan, count: boolean): Promise<TenantContext> {
    const { contract } = plan.asked(request);
    const origin = { requestId: request.id, trace: traceOf(request.raw) };
    if (contract.scope === 'platform' && !contract.operatorOnly) {
      return { scope: 'platform', orgId: null, actor: 'anonymous', role: 'none', ...origin };
    }
    const who = await this.tokens.verify(request.headers.authorization);
    const session = await this.sessions.check(who, request.id);
    request.sessionId = who.sessionId;
    if (contract.scope === 'self') {
      const { userId: actor, sessionId: session } = who;
      return { scope: 'self', orgId: null, actor, role: 'none', session, ...origin };
    }
    if (contract.scope === 'platform') {
      if (!session.operator) throw new DomainError('forbidden', 'Only operators may do this.');
      return { scope: 'platform', orgId: null, actor: who.userId, role: 'operator', ...origin };
    }
    const membership = await this.access.resolve((request.params as { org: string }).org, who.userId, request.id);
    if (count) this.limits.ofOrg(membership.org_id);
    const context: TenantContext = {
      scope: 'org',
      orgId: membership.org_id,
      actor: who.userId,
      role: membership.role as ActingRole,
      membershipVersion: membership.membership_version,
      signOuts: session.sign_outs,
      mfa: session.mfa,
      ...origin,
    };
    const refusal = refusalOf(contract, membership, session.mfa);
    if (refusal) {
      await runInTenantContext(context, () => this.denials.record(contract, refusal));
      throw refusal;
    }
    return context;
  }

  private async admit(request: FastifyRequest): Promise<void> {
    if (request.url.length > MAX_URL) throw new DomainError('uri_too_long');
    this.limits.ofAddress(request.ip);
    const { plan } = request.routeOptions.config;
    if (!plan) return;
    if (plan.route.guarded) this.limits.ofGuessing(request.ip);
    await this.enter(request, true);
  }

  /** Decides for whom a request acts from now on. */
  private async enter(request: FastifyRequest, count: boolean): Promise<void> {
    const { plan } = request.routeOptions.config;
    if (!plan?.route.contract) return;
    request.tenant = null;
    request.sessionId = null;
    request.tenant = Object.freeze(await this.contextOf(request, plan, count));
    noteArrival(request);
  }
}

/**
 * Notes whether the body is still on its way: what came together with the head is read within this turn of the event loop,
 * and nothing is to be asked about it again.
 */
function noteArrival(request: FastifyRequest): void {
  request.awaited = false;
  setImmediate(() => (request.awaited = !request.raw.complete));
}

/** Runs `fn` in the context of a request, or in none where the guard opened none. */
export function within<T>(request: FastifyRequest, fn: () => T): T {
  return request.tenant ? runInTenantContext(request.tenant, fn) : fn();
}

function refusalOf(
  contract: RequestContract,
  membership: { status: string; mfa_required: boolean; role: string },
  mfa: boolean,
): DomainError | undefined {
  if (membership.status !== 'active') return new DomainError('org_suspended');
  if (membership.mfa_required && !mfa) return new DomainError('mfa_enrollment_required');
  if (contract.permission && !may(membership.role, contract.permission)) {
    return new DomainError('forbidden', mayNot(membership.role, contract.permission));
  }
  return undefined;
}
