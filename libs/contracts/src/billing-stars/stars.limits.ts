/** The most Stars that one message may be about. */
export const MAX_STARS = 1_000_000_000;
