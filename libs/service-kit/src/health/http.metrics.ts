import { BoundedCounter } from './bounded.counter.js';

/** Counts an answered HTTP request: its route (never its address), organization id, status and duration. */
export type CountRequest = (route: string, org: string, status: number, milliseconds: number) => void;

let known: CountRequest | undefined;

/** The process's HTTP metrics: ids, routes and durations, never content. */
export function httpMetrics(): CountRequest {
  return (known ??= make());
}

function make(): CountRequest {
  const total = new BoundedCounter({
    name: 'apollo_http_requests_total',
    help: 'HTTP requests answered',
    labelNames: ['route', 'org_id', 'status'],
  });
  const duration = new BoundedCounter({
    name: 'apollo_http_request_milliseconds_total',
    help: 'Time spent on HTTP requests',
    labelNames: ['route', 'org_id'],
  });
  return (route, org, status, milliseconds) => {
    total.inc({ route, org_id: org, status });
    duration.inc({ route, org_id: org }, milliseconds);
  };
}
