import { CATALOG, type Contract, type EventContract, type RequestContract, typeOf } from '@apollo/contracts';
import { EventPattern, MessagePattern } from '@nestjs/microservices';

/**
 * Marks a controller method as the handler of a request: it receives the checked payload and returns the reply.
 * An ordinary `@MessagePattern` underneath; scope, permission and envelope are checked before it runs.
 */
export function Handles(contract: RequestContract): MethodDecorator {
  return MessagePattern(typeOf(known(contract)));
}

/**
 * Marks a controller method as what a command needs from elsewhere before its transaction begins: requests to other
 * services, costly hashing. It receives the checked payload; what it returns is the handler's `@Ctx()` argument. It is
 * not run for a repeated command, whose answer is known.
 */
export function Prepares(contract: RequestContract): MethodDecorator {
  return MessagePattern(preparationOf(known(contract)));
}

/** The name under which the preparation of a command is kept; no message can carry it. */
export function preparationOf(contract: RequestContract): string {
  return `prepare ${typeOf(contract)}`;
}

/** Marks a controller method as the reaction to an event. */
export function ReactsTo(contract: EventContract): MethodDecorator {
  return EventPattern(typeOf(known(contract))) as MethodDecorator;
}

function known<T extends Contract>(contract: T): T {
  if (CATALOG.get(typeOf(contract)) !== contract) {
    throw new Error(`${typeOf(contract)} is not in the catalog`);
  }
  return contract;
}
