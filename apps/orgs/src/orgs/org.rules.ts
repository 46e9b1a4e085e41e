import { canonicalLanguage, type orgsMessages } from '@apollo/contracts';
import type { OrgSettings } from './org.repository.js';

/** Words that stand, or may come to stand, beside organizations in addresses, or would pass for the platform itself. */
const RESERVED: ReadonlySet<string> = new Set([
  'about',
  'account',
  'accounts',
  'activate',
  'admin',
  'administrator',
  'api',
  'apollo',
  'apollo-space',
  'app',
  'apps',
  'assets',
  'auth',
  'billing',
  'blog',
  'cdn',
  'console',
  'contact',
  'dashboard',
  'demo',
  'dev',
  'docs',
  'download',
  'events',
  'favicon',
  'files',
  'forgot',
  'health',
  'help',
  'home',
  'internal',
  'invitations',
  'invite',
  'legal',
  'livez',
  'login',
  'logout',
  'mail',
  'metrics',
  'new',
  'null',
  'oauth',
  'openapi',
  'operator',
  'org',
  'organization',
  'organizations',
  'orgs',
  'platform',
  'pricing',
  'privacy',
  'readyz',
  'register',
  'reset',
  'root',
  'security',
  'self',
  'settings',
  'signin',
  'signup',
  'sso',
  'staging',
  'static',
  'status',
  'support',
  'system',
  'terms',
  'test',
  'trust',
  'undefined',
  'webhooks',
  'well-known',
  'www',
]);

/** True for a slug that no organization may have. */
export function isReservedSlug(slug: string): boolean {
  return RESERVED.has(slug);
}

/** Organizations that an account may have created, where the operator sets no other number. */
export const ORGS_PER_ACCOUNT = 20;

/** The settings after a change: what is absent stays, `null` clears. */
export function settingsAfter(settings: OrgSettings, request: orgsMessages.UpdateOrgRequest): OrgSettings {
  return {
    name: request.name ?? settings.name,
    description: request.description === undefined ? settings.description : request.description,
    country: request.country === undefined ? settings.country : request.country,
    time_zone: request.time_zone ?? settings.time_zone,
    language: request.language ? canonicalLanguage(request.language) : settings.language,
    currency: request.currency ?? settings.currency,
    mfa_required: request.mfa_required ?? settings.mfa_required,
  };
}
