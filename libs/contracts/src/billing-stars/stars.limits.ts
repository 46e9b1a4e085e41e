/** The most Stars that one message may be about. */
export const MAX_STARS = 1_000_000_000;

/** Where a reservation may be refused, in the order in which that is asked. */
export const REFUSING_LAYERS = ['wallet', 'org_month', 'agent_day', 'user_agent_month'] as const;
