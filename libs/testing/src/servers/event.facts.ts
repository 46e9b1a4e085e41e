import { entityOf, type ServiceName, typeOf } from '@apollo/contracts';
import { durableEventsBetween, durableEventsOf, durableRoutes } from '@apollo/messaging';
import { functionFiles, type ServiceSchema } from '@apollo/tenancy/postgres';

/** Events of a service: each it tells of with what that is about, and of what it takes some, as producer and thing. */
export interface EventFacts {
  readonly told: readonly string[];
  readonly taken: readonly string[];
}

/** The events of a service by its contracts, and by the functions that its inbox and outbox ask. Lists are sorted. */
export async function eventFacts(
  schema: ServiceSchema,
  service: ServiceName,
): Promise<{ declared: EventFacts; written: EventFacts }> {
  const files = await functionFiles(schema);
  const pairs = (name: string, pair: RegExp): string[] => {
    const text = files.find((file) => file.name === `functions/events/${name}`)?.text ?? '';
    return sorted([...text.matchAll(pair)].map(([, one, other]) => `${one} ${other}`));
  };
  const taken = durableRoutes()
    .filter(({ consumer }) => consumer === service)
    .flatMap(({ producer }) =>
      durableEventsBetween(producer, service).map((contract) => `${producer} ${entityOf(contract)}`),
    );
  return {
    declared: {
      told: sorted(durableEventsOf(service).map((contract) => `${typeOf(contract)} ${entityOf(contract)}`)),
      taken: sorted(taken),
    },
    written: {
      told: pairs('entity_of_event', /when '([^']+)' then '([^']+)'/g),
      taken: pairs('takes_event', /\('([^']+)', '([^']+)'\)/g),
    },
  };
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
