/**
 * One entry per guard: where it stands, how it is removed, and which spec must notice.
 * `find` must occur exactly once in `file`; `test` narrows the spec to the cases that matter, for time.
 */
const attacks = 'libs/tenancy/src/postgres/attacks.int.spec.ts';
const database = 'libs/tenancy/src/postgres/tenant.database.int.spec.ts';
const door = 'libs/messaging/src/nest/message.door.int.spec.ts';
const policy = 'libs/tenancy/src/postgres/policy.text.ts';
const schema = 'libs/tenancy/src/postgres/tenancy.schema.sql.ts';
const envelope = 'libs/messaging/src/envelope/envelope.codec.ts';
const token = 'libs/messaging/src/envelope/context.token.ts';
const jws = 'libs/messaging/src/envelope/compact.jws.ts';
const edge = 'apps/gateway/src/spec/door.int.spec.ts';
const httpDoor = 'apps/gateway/src/door/http.door.ts';
const accessToken = 'apps/gateway/src/door/access.token.ts';
const transfer = 'apps/gateway/src/spec/transfer.int.spec.ts';
const stars = 'apps/billing-stars/migrations/0001-initial.sql';
const events = 'libs/messaging/src/durable/durable.events.int.spec.ts';
const history = 'libs/messaging/src/durable/event.history.int.spec.ts';
const inbox = 'libs/messaging/src/durable/inbox.ts';
const members = 'apps/orgs/src/members/member.int.spec.ts';
const memberRules = 'apps/orgs/src/members/member.rules.ts';
const invitations = 'apps/orgs/src/invitations/invitation.int.spec.ts';
const sessions = 'apps/identity/src/sessions/session.int.spec.ts';
const signIn = 'apps/identity/src/sign-in/sign.in.int.spec.ts';
const audit = 'apps/orgs/src/audit/audit.int.spec.ts';
const leadLife = 'apps/leads/src/leads/lead.life.int.spec.ts';
const rows = 'apps/leads/src/imports/rows/row.repository.ts';

export const GUARDS = [
  { id: 'policy-text', file: policy, find: "return 'org_id = (select tenancy.org_id())';", replace: "return 'true';", spec: attacks },
  { id: 'policy-person', file: policy, find: " and user_id = (select tenancy.actor_id())'", replace: "'", spec: attacks, test: 'diary of a colleague' },
  { id: 'tag-signature', file: schema, find: "       <> right(tag, 64) then", replace: "       <> right(tag, 64) and false then", spec: attacks, test: 'A18' },
  { id: 'tag-expiry', file: schema, find: "if split_part(claims, '.', 4)::bigint < extract(epoch from clock_timestamp()) then", replace: 'if false then', spec: attacks, test: 'A53' },
  { id: 'tag-per-service', file: 'libs/tenancy/src/postgres/database.preparation.ts', find: "    await storeTagKey(client, `${service}_app`, preparation.tagKey);", replace: "    await storeTagKey(client, `${service}_app`, 'a5'.repeat(32));", spec: attacks, test: 'A53' },
  { id: 'tag-missing', file: schema, find: "if claims is null or claims = '' then", replace: "if claims is null or claims = '' then return null; elsif false then", spec: attacks, test: 'A11' },
  { id: 'runtime-ddl', file: schema, find: "  if tenancy.is_runtime_role() then", replace: '  if false then', spec: attacks, test: 'A30' },
  { id: 'forced-on-new-tables', file: schema, find: "    execute format('alter table %s force row level security', created.name);", replace: '', spec: 'libs/tenancy/src/postgres/protection.check.int.spec.ts', test: 'makes by hand' },
  { id: 'no-temporary-objects', file: schema, find: "revoke temporary, create on database %I from public", replace: 'revoke create on database %I from public', spec: attacks, test: 'for want of the right' },
  { id: 'no-notify', file: schema, find: "p.proname in ('pg_notify', ", replace: "p.proname in (", spec: attacks, test: 'A55' },
  { id: 'no-languages', file: schema, find: 'revoke usage on language plpgsql from public;', replace: '', spec: attacks, test: 'anonymous block' },
  { id: 'scrubbed-connections', file: 'libs/tenancy/src/postgres/physical.transaction.ts', find: "  { text: 'close all', prepare: true, unread: true },\n", replace: '', spec: attacks, test: 'leaves nothing' },
  { id: 'reset-settings', file: 'libs/tenancy/src/postgres/physical.transaction.ts', find: "  { text: 'reset all', prepare: true, unread: true },\n", replace: '', spec: attacks, test: 'leaves nothing' },
  { id: 'pinned-settings', file: 'libs/tenancy/src/postgres/tenant.database.ts', find: "row_security: 'on', ", replace: '', spec: attacks, test: 'A20' },
  { id: 'no-activity', file: 'libs/tenancy/src/postgres/database.preparation.ts', find: "    await client.query(`alter role ${role} set track_activities = off`);\n", replace: '', spec: attacks, test: 'A53' },
  { id: 'application-filter', file: 'libs/tenancy/src/postgres/table.factory.ts', find: 'cond: () => ({ orgId: currentTenant().orgId }),', replace: 'cond: () => ({}),', spec: database, test: 'filter alone' },
  { id: 'statement-filter', file: 'libs/tenancy/src/postgres/statement.ts', find: "  if (!compiled.parameters.includes('org') && !compiled.parameters.includes('actor')) {", replace: '  if (false) {', spec: 'libs/tenancy/src/postgres/statement.unit.spec.ts' },
  { id: 'context-required', file: 'libs/tenancy/src/context/tenant.context.ts', find: '  if (!context) {', replace: '  if (false) {', spec: 'libs/tenancy/src/context/tenant.context.unit.spec.ts' },
  { id: 'tag-follows-context', file: 'libs/tenancy/src/postgres/physical.transaction.ts', find: 'if (this.taggedFor === context) return [];', replace: 'if (this.taggedFor !== undefined) return [];', spec: database, test: 'tags anew' },
  { id: 'group-scrubbed', file: 'libs/tenancy/src/postgres/physical.transaction.ts', find: 'const before = this.taggedFor ? SCRUB : [];', replace: 'const before: typeof SCRUB = [];', spec: database, test: 'is gone for the next' },
  { id: 'group-refused', file: 'libs/tenancy/src/postgres/commit.group.ts', find: '(members.length > 1 || ', replace: '(', spec: database, test: 'that one is refused' },
  { id: 'group-in-a-hurry', file: 'libs/tenancy/src/postgres/commit.group.ts', find: 'atOnce: 2, inAHurry: true', replace: 'atOnce: 2, inAHurry: false', spec: database, test: 'waits long for a lock' },
  { id: 'unique-keys-per-org', file: 'libs/tenancy/src/postgres/table.factory.ts', find: '{ properties: [...lead, ...list] }', replace: '{ properties: [...list] }', spec: attacks, test: 'A32' },
  { id: 'orm-needs-transaction', file: 'libs/tenancy/src/postgres/tenant.dialect.ts', find: '    if (!transaction) {\n      throw new NoTransactionError();\n    }\n', replace: '', spec: database, test: 'outside of a tenant transaction' },
  { id: 'two-policies-exactly', file: 'libs/tenancy/src/postgres/protection.check.ts', find: "if (row.policies.length !== 2 || !exact(true) || !exact(false))", replace: 'if (false)', spec: 'libs/tenancy/src/postgres/protection.check.int.spec.ts', test: 'A39' },
  { id: 'door-agreement', file: envelope, find: 'place === said && ', replace: '', spec: door, test: 'subject of another organization' },
  { id: 'door-envelope-org', file: envelope, find: 'get(HEADER.org) === said && ', replace: '', spec: door, test: 'M0' },
  { id: 'door-type', file: envelope, find: 'get(HEADER.type) === typeOf(contract)', replace: 'true', spec: door, test: 'another type' },
  { id: 'door-sender', file: envelope, find: ' && senders.includes(claims.issuer)', replace: '', spec: door, test: 'M04' },
  { id: 'door-deadline', file: envelope, find: "if (expiresAt <= nowMs) throw new DomainError('deadline_exceeded');", replace: '', spec: door, test: 'nobody waits' },
  { id: 'only-the-gateway-vouches', file: token, find: "const mayVouch = claims.issuer === 'gateway' || ", replace: 'const mayVouch = true || ', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts', test: 'vouches for a person' },
  { id: 'token-audience', file: token, find: "      if (![claims['aud']].flat().includes(this.audience)) throw new Error('meant for somebody else');\n", replace: '', spec: door, test: 'another audience' },
  { id: 'context-token-expiry', file: token, find: "    if (claims.expires <= nowMs / 1000) {\n      throw new DomainError('message_rejected', 'The context token has expired.');\n    }\n", replace: '', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts', test: 'after its expiry' },
  { id: 'token-issued', file: token, find: "  if (claims.iat > now + CLOCK_LEEWAY_SECONDS) throw new Error('not issued yet');\n", replace: '', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts', test: 'before it was issued' },
  { id: 'token-signature-key', file: token, find: "      if (claims['iss'] !== kid) throw new Error('issuer and key differ');\n", replace: '', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts' },
  { id: 'jws-signature', file: jws, find: "  if (!signatureHolds(`${header}.${claims}`, signature, keyOf(kid))) throw new Error('the signature does not hold');\n", replace: '', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts', test: 'changed or cut' },
  { id: 'jws-header', file: jws, find: ' || Object.keys(more).length > 0', replace: '', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts', test: 'however well signed' },
  { id: 'permission-at-the-service', file: 'libs/messaging/src/nest/message.server.ts', find: 'if (contract.permission && !may(role, contract.permission)) {', replace: 'if (false) {', spec: door, test: 'permission table' },
  { id: 'payload-checked-twice', file: 'libs/messaging/src/nest/message.server.ts', find: 'const payload = validated(contract.request, parsed(message));', replace: 'const payload = parsed(message) as object;', spec: door, test: 'both sides' },
  { id: 'denial-at-the-service', file: 'libs/messaging/src/nest/message.server.ts', find: '          await this.options.onDenied?.(typeOf(contract), error);\n', replace: '', spec: leadLife, test: 'refused and recorded' },
  { id: 'queue-group-only', file: 'libs/messaging/src/nats/nats.permissions.ts', find: '`rpc.*.${service}.> ${service}`', replace: '`rpc.*.${service}.>`', spec: 'libs/messaging/src/nats/permissions.int.spec.ts', test: 'overhears none' },
  { id: 'unknown-fields', file: 'libs/contracts/src/message/validation.ts', find: '  if (unknown.length > 0) {', replace: '  if (false) {', spec: 'libs/contracts/src/message/fields.unit.spec.ts' },
  { id: 'http-permission', file: httpDoor, find: 'if (contract.permission && !may(membership.role, contract.permission)) {', replace: 'if (false) {', spec: edge, test: 'H06' },
  { id: 'http-suspended', file: httpDoor, find: "  if (membership.status !== 'active') return new DomainError('org_suspended');\n", replace: '', spec: edge, test: 'suspended' },
  { id: 'http-second-factor', file: httpDoor, find: "  if (membership.mfa_required && !mfa) return new DomainError('mfa_enrollment_required');\n", replace: '', spec: edge, test: 'second factor' },
  { id: 'http-operator', file: httpDoor, find: "      if (!session.operator) throw new DomainError('forbidden', 'Only operators may do this.');\n", replace: '', spec: edge, test: 'operators’ routes' },
  { id: 'http-denial-recorded', file: httpDoor, find: '      await runInTenantContext(context, () => this.denials.record(contract, refusal));\n', replace: '', spec: edge, test: 'H06' },
  { id: 'http-context-after-body', file: httpDoor, find: "    fastify.addHook('preValidation', (request, _reply, done) => within(request, done));\n", replace: '', spec: 'apps/gateway/src/spec/context.int.spec.ts' },
  { id: 'http-token-audience', file: accessToken, find: 'audience: AUDIENCE, ', replace: '', spec: edge, test: 'another audience' },
  { id: 'http-token-issuer', file: accessToken, find: 'issuer: ISSUER, ', replace: '', spec: edge, test: 'another issuer' },
  { id: 'http-token-expiry', file: accessToken, find: "    if (claims.expires * 1000 <= this.nowMs()) throw new DomainError('unauthenticated', 'The access token has expired.');\n", replace: '', spec: edge, test: 'expire' },
  { id: 'http-token-age', file: accessToken, find: ', maxTokenAge: MAX_AGE_SECONDS', replace: '', spec: edge, test: 'longer life' },
  { id: 'http-token-withdrawn-key', file: accessToken, find: 'known && this.keys.stands(known.kid)', replace: 'known', spec: edge, test: 'withdrawn' },
  { id: 'http-session-ended', file: 'apps/gateway/src/door/session.gate.ts', find: "    if (!state.active) throw new DomainError('unauthenticated', 'The session has ended.');\n", replace: '', spec: edge, test: 'ends with the session' },
  { id: 'http-one-404', file: 'apps/gateway/src/door/org.access.ts', find: "      throw error instanceof DomainError && error.code === 'org_not_found' ? new DomainError('org_not_found') : error;", replace: '      throw error;', spec: edge, test: 'H14' },
  { id: 'http-forget-at-event', file: 'apps/gateway/src/door/org.access.ts', find: '    this.memberships.forget(', replace: '    void (', spec: edge, test: 'after the event' },
  { id: 'http-forget-in-flight', file: 'apps/gateway/src/door/org.access.ts', find: '(access === undefined || isTheirs(access))', replace: '(access !== undefined && isTheirs(access))', spec: edge, test: 'on its way' },
  { id: 'http-five-seconds', file: 'apps/gateway/src/door/session.gate.ts', find: 'FRESH_FOR_MS = 5_000', replace: 'FRESH_FOR_MS = 60_000', spec: edge, test: 'five seconds' },
  { id: 'http-unknown-fields', file: 'apps/gateway/src/http/payload.merger.ts', find: "    if (problems.length > 0) throw new DomainError('validation_failed', 'Some fields were refused.', problems.slice(0, 50));\n", replace: '', spec: 'apps/gateway/src/spec/routes.int.spec.ts', test: 'H05|H18|in an address|gateway gives' },
  { id: 'http-documented', file: 'apps/gateway/src/gateway.start.ts', find: '  assertDocumented(register, document);\n', replace: '', spec: 'apps/gateway/src/spec/document.int.spec.ts', test: 'H32' },
  { id: 'http-nesting', file: 'apps/gateway/src/http/json.parser.ts', find: "  if (levels === 0) throw new DomainError('malformed_json', 'The body is nested too deeply.');\n", replace: '', spec: 'apps/gateway/src/spec/malformed.int.spec.ts', test: 'nesting' },
  { id: 'http-upload-access', file: 'apps/gateway/src/transfer/lead.import.controller.ts', find: 'await this.door.again(request, IMPORT_LEADS, () => this.bus.request(AppendImportChunk, chunk, { idempotencyKey: keyFor(String(seq)), timeoutMs: CHUNK_TIMEOUT_MS }))', replace: 'await this.bus.request(AppendImportChunk, chunk, { idempotencyKey: keyFor(String(seq)), timeoutMs: CHUNK_TIMEOUT_MS })', spec: transfer, test: 'H09' },
  { id: 'http-export-access', file: 'apps/gateway/src/transfer/lead.export.controller.ts', find: 'return this.door.again(request, EXPORT_LEADS, () => this.bus.request(ExportLeads, payload, { timeoutMs: PAGE_TIMEOUT_MS }));', replace: 'return this.bus.request(ExportLeads, payload, { timeoutMs: PAGE_TIMEOUT_MS });', spec: transfer, test: 'breaks the connection' },
  { id: 'http-formulas', file: 'apps/gateway/src/transfer/lead.csv.ts', find: 'escape_formulas: true, ', replace: '', spec: 'apps/gateway/src/transfer/lead.csv.unit.spec.ts' },
  { id: 'http-org-limit', file: httpDoor, find: '    if (count) this.limits.ofOrg(membership.org_id);\n', replace: '', spec: 'apps/gateway/src/spec/limits.int.spec.ts', test: 'slows one' },
  { id: 'event-once', file: inbox, find: 'and version = :version::bigint - 1 and', replace: 'and version < :version::bigint + 1 and', spec: events, test: 'takes effect once and in order' },
  { id: 'event-order', file: inbox, find: 'if (turn.version === 1) transaction.precede', replace: 'if (turn.version > 0) transaction.precede', spec: events, test: 'waits for the one before it' },
  { id: 'event-behind', file: inbox, find: "if (blocked) return 'behind-dead-letter';", replace: '', spec: events, test: 'lies among the dead letters' },
  { id: 'event-seal', file: 'libs/messaging/src/durable/event.seal.ts', find: "signed.slice(0, end) !== signedText(service, root) || ", replace: '', spec: events, test: 'rejected before any handler' },
  { id: 'event-seal-signature', file: 'libs/messaging/src/durable/event.seal.ts', find: ' || !this.holds(signed, end, service)', replace: '', spec: 'libs/messaging/src/durable/event.seal.unit.spec.ts', test: 'whose signature' },
  { id: 'event-seal-salt', file: 'libs/messaging/src/durable/event.seal.ts', find: "randomBytes(SALT_BYTES).toString('base64url')", replace: "randomBytes(0).toString('base64url')", spec: 'libs/messaging/src/durable/event.seal.unit.spec.ts', test: 'try a guess' },
  { id: 'event-with-its-change', file: 'libs/messaging/src/durable/outbox.relay.ts', find: "outcomes[at]?.status === 'fulfilled'", replace: 'at >= 0', spec: 'libs/messaging/src/durable/outbox.relay.int.spec.ts' },
  { id: 'event-reconciliation', file: 'libs/messaging/src/durable/event.reconciler.ts', find: 'const heads = latest(answer.items);', replace: 'const heads = latest([]);', spec: events, test: 'brought from where it was written' },
  { id: 'event-on-its-way', file: 'libs/messaging/src/durable/event.reconciler.ts', find: 'if (this.options.isBehind(producer) && ', replace: 'if (false && ', spec: events, test: 'waited for while' },
  { id: 'event-horizon', file: 'libs/tenancy/src/postgres/outbox.database.ts', find: 'least(pg_snapshot_xmin(pg_current_snapshot())', replace: 'least(pg_snapshot_xmax(pg_current_snapshot())', spec: events, test: 'still being written' },
  { id: 'event-shown-by-role', file: 'libs/messaging/src/durable/event.history.ts', find: " || !contract.permission || !may(role, contract.permission)) return false;", replace: ') return false;', spec: history, test: 'is shown to whom' },
  { id: 'event-shown-to-its-person', file: 'libs/messaging/src/durable/event.history.ts', find: 'return person_id === null || person_id === actor;', replace: 'return true;', spec: history, test: 'is shown to whom' },
  { id: 'event-streams-declared', file: 'libs/messaging/src/durable/event.streams.ts', find: 'if (findings.length > 0) throw', replace: 'if (findings.length > 99) throw', spec: 'libs/messaging/src/durable/event.streams.int.spec.ts' },
  { id: 'stars-wallet-lock', file: stars, find: 'where x.org_id = org and x.id = org for update;', replace: 'where x.org_id = org and x.id = org;', spec: 'apps/billing-stars/src/holds/hold.race.int.spec.ts', test: 'B01' },
  { id: 'stars-cap', file: stars, find: 'if asked.used + amount > asked.cap then', replace: 'if false then', spec: 'apps/billing-stars/src/caps/cap.int.spec.ts', test: 'B09' },
  { id: 'stars-key', file: stars, find: 'if h.request_hash <> hash then', replace: 'if false then', spec: 'apps/billing-stars/src/holds/hold.race.int.spec.ts', test: 'another request' },
  { id: 'stars-hold-expiry', file: stars, find: '    w := billing_stars.expire_due_holds(w, instant);\n', replace: '', spec: 'apps/billing-stars/src/holds/hold.life.int.spec.ts', test: 'B07' },
  { id: 'stars-month-once', file: stars, find: 'today := greatest(w.day, (instant', replace: "today := greatest('2000-01-01', (instant", spec: 'apps/billing-stars/src/wallets/period.int.spec.ts', test: 'still the month before' },
  { id: 'stars-source-once', file: stars, find: 'where x.org_id = w.org_id and x.source = grant_source;\n  if found then', replace: 'where false;\n  if found then', spec: 'apps/billing-stars/src/grants/grant.int.spec.ts', test: 'B12' },
  { id: 'stars-no-writes', file: stars, find: 'grant select on billing_stars.wallets to billing_stars_app;', replace: 'grant select, update on billing_stars.wallets to billing_stars_app;', spec: 'apps/billing-stars/src/ledger/ledger.guards.int.spec.ts', test: 'B15' },
  { id: 'stars-enter', file: 'libs/tenancy/src/postgres/tenancy.schema.sql.ts', find: "  perform pg_catalog.set_config('tenancy.entered', org::text, true);", replace: "  if coalesce(current_setting('tenancy.entered', true), '') = '' then perform pg_catalog.set_config('tenancy.entered', org::text, true); end if;", spec: 'apps/billing-stars/src/ledger/ledger.checker.int.spec.ts', test: 'heeds no note' },
  { id: 'stars-checker', file: stars, find: 'grant select on billing_stars.wallets to billing_stars_checker;', replace: 'grant select, update on billing_stars.wallets to billing_stars_checker;', spec: 'apps/billing-stars/src/ledger/ledger.checker.int.spec.ts', test: 'reads wallets and writes none' },
  { id: 'stars-standing', file: stars, find: "if w.standing <> 'open' then", replace: 'if false then', spec: 'apps/billing-stars/src/wallets/standing.int.spec.ts', test: 'M27' },
  { id: 'stars-lane', file: 'apps/billing-stars/src/wallets/wallet.lane.ts', find: 'const AT_ONCE = 3;', replace: 'const AT_ONCE = 1_000;', spec: 'apps/billing-stars/src/billing-stars.service.int.spec.ts', test: 'answers another organization' },
  { id: 'stars-warning', file: stars, find: '  if crosses then perform billing_stars.warn_counters(w, agent, person, w.period, w.day); end if;\n', replace: '', spec: 'apps/billing-stars/src/warnings/warning.int.spec.ts', test: 'race across' },
  { id: 'stars-payment-once', file: stars, find: "  if b.paid_at is not null then return jsonb_build_object('outcome', 'known'); end if;\n", replace: '', spec: 'apps/billing-stars/src/payments/stripe.int.spec.ts', test: 'grants once what was paid' },
  { id: 'stars-payment-amount', file: stars, find: 'if paid_cents is distinct from b.cents or upper(in_currency) is distinct from b.currency then', replace: 'if false then', spec: 'apps/billing-stars/src/payments/stripe.int.spec.ts', test: 'of another amount' },
  { id: 'stars-signature', file: 'apps/billing-stars/src/payments/stripe.provider.ts', find: 'return this.stripe.webhooks.constructEvent(body, signature, this.config.webhookSecret, TOLERANCE_SECONDS);', replace: 'return JSON.parse(body.toString()) as Stripe.Event;', spec: 'apps/billing-stars/src/payments/stripe.int.spec.ts', test: 'believes nothing that is not signed' },
  { id: 'stars-message-age', file: 'apps/billing-stars/src/payments/stripe.provider.ts', find: 'const TOLERANCE_SECONDS = 300;', replace: 'const TOLERANCE_SECONDS = 0;', spec: 'apps/billing-stars/src/payments/stripe.int.spec.ts', test: 'believes nothing that is not signed' },
  { id: 'stars-message-bytes', file: 'apps/gateway/src/http/gateway.adapter.ts', find: 'request.routeOptions.config.plan?.route.accepts === RAW_JSON ? body : parseJsonBody(body as Buffer)', replace: 'parseJsonBody(body as Buffer)', spec: 'apps/gateway/src/spec/routes.int.spec.ts', test: 'byte for byte' },
  { id: 'orgs-lock', file: 'apps/orgs/src/access/standing.repository.ts', find: 'where org_id = :org and id = :org for update', replace: 'where org_id = :org and id = :org', spec: members, test: 'fifty times' },
  { id: 'orgs-last-owner', file: memberRules, find: 'owners <= 1', replace: 'owners < 1', spec: members, test: 'never lose their last Owner' },
  { id: 'orgs-owner-by-owners', file: memberRules, find: "  if ((from === 'owner' || to === 'owner') && !may(by, 'owners.manage')) return 'owner_required';\n", replace: '', spec: members, test: 'neither touch an Owner' },
  { id: 'orgs-role-of-now', file: 'apps/orgs/src/access/standing.repository.ts', find: "    if (!actors[0]) throw new DomainError('org_not_found');\n    return { org, role: actors[0].role", replace: "    return { org, role: 'owner'", spec: members, test: 'H10' },
  { id: 'orgs-invitation-recipient', file: 'apps/orgs/src/invitations/acceptance.service.ts', find: 'if (person.email.toLowerCase() !== invitation.email) {', replace: 'if (false) {', spec: invitations, test: 'H12' },
  { id: 'orgs-invitation-once', file: 'apps/orgs/src/invitations/joining.service.ts', find: "    if (linkState(facts, now) !== 'open') throw new DomainError('link_used');\n", replace: '', spec: invitations, test: 'twenty times at once' },
  { id: 'orgs-invitation-expiry', file: 'apps/orgs/src/invitations/invitation.rules.ts', find: " || statusAt(facts, now) !== 'pending'", replace: '', spec: invitations, test: 'gives one answer' },
  { id: 'orgs-inviter-power', file: 'apps/orgs/src/invitations/invitation.rules.ts', find: "facts.inviterRole === null || invitingProblem(facts.inviterRole, facts.role) ? 'powerless' : 'open'", replace: "'open'", spec: invitations, test: 'whose inviter was removed' },
  { id: 'orgs-link-state', file: 'apps/orgs/src/invitations/link.service.ts', find: "if (state !== 'open') throw new DomainError('link_used');", replace: '', spec: invitations, test: 'gives one answer' },
  { id: 'orgs-lookup-scope', file: 'apps/orgs/migrations/0001-initial.sql', find: '  perform tenancy.is_platform();\n  return query select d.org_id, d.invitation_id', replace: '  return query select d.org_id, d.invitation_id', spec: 'apps/orgs/src/directory/directory.int.spec.ts', test: 'look-ups' },
  { id: 'audit-chain', file: 'apps/orgs/migrations/0001-initial.sql', find: 'jsonb_build_array(head.hash, org, ', replace: 'jsonb_build_array(org, ', spec: audit, test: 'behind its back' },
  { id: 'audit-append-only', file: 'apps/orgs/migrations/0001-initial.sql', find: 'grant select on orgs.audit_entries to orgs_app;', replace: 'grant select, insert, update, delete on orgs.audit_entries to orgs_app;', spec: audit, test: 'B15' },
  { id: 'identity-refresh-reuse', file: 'apps/identity/src/sessions/refresh.service.ts', find: "      await this.ending.end(sessionId, 'refresh_token_reused', origin.address);\n", replace: '', spec: sessions, test: 'H26 ends its whole family' },
  { id: 'identity-totp-replay', file: 'apps/identity/src/second-factor/second.factor.service.ts', find: '    await this.factors.useStep(factor.id, step);\n', replace: '', spec: 'apps/identity/src/second-factor/totp.int.spec.ts', test: 'refuses a code that has signed in' },
  { id: 'identity-throttle', file: 'apps/identity/src/sign-in/sign.in.service.ts', find: "    if (attempt.accountBlocked || attempt.originBlocked) throw new DomainError('rate_limited');\n", replace: '', spec: signIn, test: 'five times' },
  { id: 'identity-equal-time', file: 'apps/identity/src/passwords/password.hasher.ts', find: 'const right = await verify(stored ?? (await this.nobody), passwordForm(password));', replace: 'const right = stored !== undefined && (await verify(stored, passwordForm(password)));', spec: signIn, test: 'H14 takes the same time' },
  { id: 'identity-reset-ends', file: 'apps/identity/src/passwords/password.reset.links.ts', find: ' || link.expires_at <= this.clock()', replace: '', spec: 'apps/identity/src/passwords/password.reset.int.spec.ts', test: 'an hour old' },
  { id: 'commands-once', file: 'libs/service-kit/src/commands/command.runner.ts', find: '        transaction.defer(own.store, { ...key, id: newId(), hash, reply: JSON.stringify(reply) });\n', replace: '', spec: leadLife, test: 'B02' },
  { id: 'commands-per-person', file: 'libs/service-kit/src/commands/command.runner.ts', find: 'where ${mine} actor = :by and message_type', replace: 'where ${mine} :by::text is not null and message_type', spec: leadLife, test: 'each person' },
  { id: 'cursor-circumstances', file: 'libs/service-kit/src/lists/cursor.codec.ts', find: '[list, orgId, actor, entries]', replace: '[]', spec: 'apps/leads/src/leads/lead.isolation.int.spec.ts', test: 'cursor' },
  { id: 'leads-import-claim', file: rows, find: ' and i.lease = :lease and ', replace: ' and :lease::uuid is not null and ', spec: 'apps/leads/src/imports/import.work.int.spec.ts', test: 'taken over' },
  { id: 'leads-lookup-scope', file: 'apps/leads/migrations/0001-initial.sql', find: '  if tenancy.is_platform() then', replace: '  if true then', spec: 'apps/leads/src/imports/import.work.int.spec.ts', test: 'directory of due imports' },
  { id: 'leads-schema-migrated', file: 'apps/leads/migrations/0001-initial.sql', find: 'create unique index stages_name on leads.stages (org_id, pipeline_id, lower(name)) where not archived;\n', replace: '', spec: 'apps/leads/src/leads.schema.int.spec.ts', test: 'comes out the same' },
  { id: 'system-door-listed', file: 'tools/eslint-rules/src/rules/system-door-allow-list.js', find: 'entry.file === file', replace: 'file.endsWith(entry.file)', spec: 'tools/eslint-rules/src/rules/system-door-allow-list.unit.spec.js' },
  { id: 'no-statistics', file: schema, find: '    perform tenancy.keep_no_statistics(changed.name);', replace: '', spec: attacks, test: 'A51 plans' },
  { id: 'no-counts', file: schema, find: "      or p.proname like 'pg\\\\_stat\\\\_get\\\\_%')", replace: '      )', spec: attacks, test: 'A51 A53' },
  { id: 'pinned-timeouts', file: 'libs/tenancy/src/postgres/tenant.database.ts', find: "statement_timeout: '15s', ", replace: '', spec: attacks, test: 'A21 lets no default' },
  { id: 'context-token-life', file: token, find: 'Math.min(claims.exp, claims.iat + TOKEN_LIFETIME_SECONDS)', replace: 'claims.exp', spec: 'libs/messaging/src/envelope/context.token.unit.spec.ts', test: '120 s' },
];
