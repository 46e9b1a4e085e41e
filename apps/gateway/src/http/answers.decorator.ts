import { applyDecorators, Delete, Get, HttpCode, Patch, Post } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { documented } from '../openapi/operation.decorators.js';
import { pathPattern, type Verb } from './route.js';
import type { RoutePlan } from './route.plan.js';

const verbs: Record<Verb, (path: string) => MethodDecorator> = { get: Get, post: Post, patch: Patch, delete: Delete };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the guard must know about the route before it lets a request in. */
    plan?: RoutePlan;
  }
}

/** Makes a controller method the handler of a route: served, guarded and documented from the one description. */
export function Answers(plan: RoutePlan, tag: string): MethodDecorator {
  const { route } = plan;
  return applyDecorators(
    verbs[route.verb](pathPattern(route.path)),
    HttpCode(plan.status),
    RouteConfig({ plan }),
    ...documented(plan, tag),
  );
}
