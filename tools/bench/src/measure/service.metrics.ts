import type { OurPlatform } from '../servers/our.platform.js';

/** What one service counted about one type of message so far, over all organizations. */
export interface Handled {
  readonly messages: number;
  readonly milliseconds: number;
}

/** A service and a type of message it handles. */
export interface Counted {
  readonly service: string;
  readonly type: string;
}

export const LISTS: Counted = { service: 'leads', type: 'leads.list-leads.v1' };
export const MEMBERSHIPS: Counted = { service: 'orgs', type: 'orgs.resolve-access.v1' };

/** Reads the service's own metrics. */
export async function handledBy({ platform }: OurPlatform, { service, type }: Counted): Promise<Handled> {
  const text = await (await fetch(`${platform.running.health[service]}/metrics`)).text();
  const sum = (metric: string): number =>
    text
      .split('\n')
      .filter((line) => line.startsWith(`${metric}{`) && line.includes(`type="${type}"`))
      .reduce((total, line) => total + Number(line.slice(line.lastIndexOf(' '))), 0);
  return { messages: sum('apollo_messages_total'), milliseconds: sum('apollo_message_milliseconds_total') };
}

/** Mean time of the messages handled between two readings. */
export function meanMs(before: Handled | undefined, after: Handled): number {
  return (after.milliseconds - (before?.milliseconds ?? 0)) / (after.messages - (before?.messages ?? 0));
}
