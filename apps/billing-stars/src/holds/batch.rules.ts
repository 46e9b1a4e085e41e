/** Most reservations, settlements or releases of one call. */
export const MAX_BATCH = 64;
