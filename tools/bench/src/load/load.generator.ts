import autocannon from 'autocannon';
import { percentile } from '../measure/statistics.js';

/** One request of the load. */
export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** What came of one slice of load. */
export interface LoadResult {
  readonly requests: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Keeps `connections` connections busy for `seconds` (whole ones), each sending its next request when the answer to the
 * one before is there.
 *
 * @throws Error when any answer is not a success: what fails fast must not look fast
 */
export async function drive(
  url: string,
  connections: number,
  seconds: number,
  next: () => LoadRequest,
): Promise<LoadResult> {
  const latencies: number[] = [];
  const refused = new Map<number, number>();
  const started = performance.now();
  const run = autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        setupRequest: (request) => {
          const { method, path, headers, body } = next();
          return body === undefined
            ? { ...request, method, path, headers: { ...headers } }
            : {
                ...request,
                method,
                path,
                headers: { ...headers, 'content-type': 'application/json' },
                body: JSON.stringify(body),
              };
        },
      },
    ],
  });
  void run.on('response', (_client, status, _bytes, milliseconds) => {
    if (status >= 200 && status < 300) latencies.push(milliseconds);
    else refused.set(status, (refused.get(status) ?? 0) + 1);
  });
  const { errors } = await run;
  const elapsed = (performance.now() - started) / 1000;
  if (refused.size > 0 || errors > 0 || latencies.length === 0) {
    const statuses = [...refused].map(([status, count]) => `${count} × ${status}`).join(', ');
    throw new Error(
      `${url} did not answer everything: ${latencies.length} answers, ${errors} broken connections${statuses && `, ${statuses}`}`,
    );
  }
  latencies.sort((a, b) => a - b);
  return {
    requests: latencies.length,
    seconds: elapsed,
    p50Ms: percentile(latencies, 50),
    p99Ms: percentile(latencies, 99),
  };
}
