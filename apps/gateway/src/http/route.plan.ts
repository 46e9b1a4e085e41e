import { Done, type RequestContract } from '@apollo/contracts';
import type { FastifyRequest } from 'fastify';
import { type BodyRoom, eitherRoom, LEAST_ROOM, roomFor } from './body.room.js';
import { openFields, payloadMerger, type PayloadMerger } from './payload.merger.js';
import type { Route } from './route.js';

/** A question a route may ask, with the way its payload is made. */
export interface Asked {
  readonly contract: RequestContract;
  readonly merge: PayloadMerger;
}

/** A route with everything that can be worked out before a request comes. */
export interface RoutePlan {
  readonly route: Route;
  readonly status: number;
  /** What a JSON body of it takes at most. */
  readonly room: BodyRoom;
  /** What this request asks. @throws Error for a route without a contract */
  asked(request: FastifyRequest): Asked;
}

/** Prepares a route. @throws Error when table and contract do not fit each other */
export function planOf(route: Route): RoutePlan {
  const normal = route.contract && askedFor(route.contract, route);
  const anonymous = route.withoutBearer && askedFor(route.withoutBearer, route);
  const inOrg = route.path.startsWith('/v1/orgs/{org}');
  if ((route.contract?.scope === 'org') !== inOrg)
    throw new Error(`${route.verb} ${route.path}: only what is asked for an organization has one in its path`);
  return {
    route,
    room: roomOf(route),
    status: route.status ?? (route.contract?.reply === Done ? 204 : 200),
    asked(request) {
      const asked = anonymous && request.headers.authorization === undefined ? anonymous : normal;
      if (!asked) throw new Error(`${route.verb} ${route.path} asks nobody`);
      return asked;
    },
  };
}

function roomOf(route: Route): BodyRoom {
  if (route.accepts) {
    const { maxBytes: bytes = Infinity, maxPieces: pieces = LEAST_ROOM.pieces } = route.accepts;
    return { bytes, pieces };
  }
  const contracts = [route.contract, route.withoutBearer].filter((contract) => contract !== undefined);
  if (route.verb === 'get') return LEAST_ROOM;
  return contracts.map((contract) => roomFor(openFields(contract, route))).reduce(eitherRoom, LEAST_ROOM);
}

function askedFor(contract: RequestContract, route: Route): Asked {
  return { contract, merge: route.accepts ? refuseToMerge : payloadMerger(contract, route) };
}

/** A route that takes something else than JSON makes its payloads itself. */
function refuseToMerge(): never {
  throw new Error('the body of this route is not a payload');
}
