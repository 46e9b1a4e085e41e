/** The value that `percent` of the ascending `values` do not exceed; NaN when there are none. */
export function percentile(values: readonly number[], percent: number): number {
  return values[Math.max(0, Math.ceil((percent / 100) * values.length) - 1)] ?? NaN;
}

/** The middle value, or the mean of the two middle ones; NaN when there are none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length % 2 === 1) return sorted[Math.floor(middle)] as number;
  return ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}
