import { ListSessions, RevokeAllSessions, RevokeSession } from '@apollo/contracts';
import type { RouteTable } from '../http/route.js';

/** One's own sessions; `GET /v1/me` itself is composed, see `me.controller.ts`. */
export const ME: RouteTable = {
  tag: 'me',
  routes: [
    { verb: 'get', path: '/v1/me/sessions', contract: ListSessions, summary: 'List my sessions' },
    { verb: 'delete', path: '/v1/me/sessions', contract: RevokeAllSessions, summary: 'End all my sessions' },
    { verb: 'delete', path: '/v1/me/sessions/{id}', contract: RevokeSession, summary: 'End one of my sessions' },
  ],
};
