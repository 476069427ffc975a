import type { FastifyInstance } from 'fastify';

interface Route {
  readonly method: string;
  readonly path: RegExp;
}

/** Every route as it is registered, to tell "no such address" from "not with this method". */
export class KnownRoutes {
  private readonly routes: Route[] = [];

  constructor(fastify: FastifyInstance) {
    fastify.addHook('onRoute', ({ method, url }) => {
      // The docs' files hang below a wildcard, which would make every address below it known.
      if (url.includes('*')) return;
      const path = new RegExp(
        `^${url.replaceAll(/[.+?^$()[\]{}|\\]/g, String.raw`\$&`).replaceAll(/:\w+/g, '[^/]+')}$`,
      );
      for (const name of [method].flat()) this.routes.push({ method: name, path });
    });
  }

  /** Methods that the address knows, in alphabetical order; none when there is no such address. */
  methodsOf(path: string): readonly string[] {
    return [...new Set(this.routes.flatMap((route) => (route.path.test(path) ? [route.method] : [])))].toSorted();
  }
}
