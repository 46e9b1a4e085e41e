/** Whether a value of JSON is an object: no list, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a column of JSON holds; an empty object where SQL wrote anything else there, so that what stands beside it is told. */
export function storedObject(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}
