import { Controller, Inject, Req, Res, type Type } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Answers } from './answers.decorator.js';
import { Forwarder } from './forwarder.js';
import { planOf } from './route.plan.js';
import { operationName, type RouteTable } from './route.js';

/**
 * An ordinary Nest controller made from a route table: one method per route, each of one call, with the decorators a
 * hand-written one would carry.
 *
 * @throws Error when a route and its contract do not fit
 */
export function controllerOf(table: RouteTable): Type {
  class TableController {
    constructor(readonly forwarder: Forwarder) {}
  }
  Object.defineProperty(TableController, 'name', { value: `${table.tag}Controller` });
  Inject(Forwarder)(TableController, undefined as never, 0);
  for (const route of table.routes) {
    const plan = planOf(route);
    const name = operationName(route);
    const value = function (this: TableController, request: FastifyRequest, reply: FastifyReply): Promise<void> {
      return this.forwarder.forward(plan, request, reply);
    };
    Object.defineProperty(value, 'name', { value: name });
    Object.defineProperty(TableController.prototype, name, { value, writable: true, configurable: true });
    Req()(TableController.prototype, name, 0);
    Res()(TableController.prototype, name, 1);
    Answers(plan, table.tag)(
      TableController.prototype,
      name,
      Object.getOwnPropertyDescriptor(TableController.prototype, name) as PropertyDescriptor,
    );
  }
  Controller()(TableController);
  return TableController;
}
