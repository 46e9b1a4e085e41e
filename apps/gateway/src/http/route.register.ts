import type { FastifyInstance } from 'fastify';
import type { Route } from './route.js';

interface Registered {
  readonly method: string;
  /** In OpenAPI form. */
  readonly path: string;
  readonly shape: RegExp;
  readonly route: Route | undefined;
}

/** What Fastify really serves, as opposed to what some document says. */
export class RouteRegister {
  private readonly routes: Registered[] = [];

  /** Listens to registrations; call before the first route. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url, config }) => {
      for (const each of [method].flat()) {
        const shape = new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);
        this.routes.push({ method: each, path: url.replaceAll(/:(\w+)/g, '{$1}'), shape, route: config?.plan?.route });
      }
    });
  }

  /** Methods that the path of an address knows. */
  methodsAt(url: string): string[] {
    const [path = ''] = url.split('?');
    return [...new Set(this.routes.filter(({ shape }) => shape.test(path)).map(({ method }) => method))];
  }

  /** The table entries of what is served. */
  entries(): Route[] {
    return this.routes.flatMap(({ method, route }) => (method === 'HEAD' ? [] : (route ?? [])));
  }

  /** `GET /v1/me` and so on. Where GET is, HEAD is too: nobody has to write that down. */
  all(): string[] {
    return this.routes
      .filter(({ method }) => method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path}`)
      .sort();
  }
}

/**
 * H32: nothing is served that is not documented, and nothing documented that is not served.
 *
 * @throws Error naming the difference; the process does not start then
 */
export function assertDocumented(register: RouteRegister, document: { paths: object }): void {
  const documented = Object.entries(document.paths as Record<string, object>).flatMap(([path, operations]) =>
    Object.keys(operations).map((verb) => `${verb.toUpperCase()} ${path}`),
  );
  const served = register.all();
  const difference = [
    ...served.filter((route) => !documented.includes(route)).map((route) => `${route} is served but not documented`),
    ...documented.filter((route) => !served.includes(route)).map((route) => `${route} is documented but not served`),
  ];
  if (difference.length > 0) throw new Error(`The OpenAPI document is not the truth: ${difference.join('; ')}`);
}
