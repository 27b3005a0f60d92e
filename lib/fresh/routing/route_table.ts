/** The table of routes: everything that was registered, ready to be matched. */
import type { RouteFile } from "../build/build_cache.ts";
import { type Method, METHODS } from "../app/handlers.ts";
import type { MaybeLazy, Middleware } from "../app/middleware.ts";
import {
  type Route,
  type RouteComponent,
  type RouteConfig,
  runRoute,
} from "../app/route.ts";
import { Router } from "./router.ts";
import { type Scope, Segment } from "./segments.ts";

/** What is found for a URL. */
export interface Endpoint<State> {
  readonly path: string;
  readonly scope: Scope<State>;
  readonly middlewares: readonly MaybeLazy<Middleware<State>>[];
}

/** A route to add; the segment differs from the path for files in a group. */
export interface RouteEntry<State> {
  readonly path: string;
  readonly route: MaybeLazy<Route<State>>;
  readonly config?: RouteConfig | undefined;
  readonly segment?: string;
}

/** Everything that was registered, ready to be matched. */
export class RouteTable<State> {
  readonly root = new Segment<State>();
  readonly router = new Router<Endpoint<State>>();
  /** The files that `fsRoutes()` adds. */
  readonly files: readonly RouteFile[];
  appWrapper: RouteComponent<State> | null = null;
  notFound: Route<State> | Middleware<State> | null = null;
  readonly #basePath: string;

  constructor(basePath: string, files: readonly RouteFile[]) {
    this.#basePath = basePath;
    this.files = files;
  }

  /** Registers `middlewares` with all that applies to their segment by now. */
  add(
    methods: readonly Method[],
    entry: {
      path: string;
      segment: string;
      middlewares: readonly MaybeLazy<Middleware<State>>[];
    },
  ): void {
    const path = this.#basePath +
      (entry.path.startsWith("/") ? entry.path : `/${entry.path}`);
    const scope = this.root.at(entry.segment).scope();
    const endpoint = {
      path: entry.path,
      scope,
      middlewares: entry.middlewares,
    };
    for (const method of methods) this.router.add(method, path, endpoint);
  }

  /** Registers a route. */
  addRoute({ path, route, config, segment = path }: RouteEntry<State>): void {
    let loading: Promise<Route<State>> | null = null;
    const run: Middleware<State> = async (ctx) => {
      const loaded = typeof route === "function"
        ? await (loading ??= route())
        : route;
      const merged = { ...loaded, config: { ...loaded.config, ...config } };
      return await runRoute(merged, ctx);
    };
    this.add(methodsOf(route, config), { path, segment, middlewares: [run] });
  }

  /**
   * Sets the error page of a segment, inside the layouts that the segment has
   * by now.
   */
  setErrorPage(path: string, page: Route<State> | Middleware<State>): void {
    const segment = this.root.at(path);
    segment.errorPage = { page, layouts: segment.scope().layouts };
  }
}

function methodsOf<State>(
  route: MaybeLazy<Route<State>>,
  config: RouteConfig = {},
): readonly Method[] {
  const lazyOrAll = typeof route === "function" ||
    typeof route.handlers === "function";
  const declared = config.methods ??
    (lazyOrAll ? "ALL" : route.config?.methods);
  if (declared !== undefined) return declared === "ALL" ? METHODS : declared;
  const methods = new Set(
    Object.keys((route as Route<State>).handlers ?? {}) as Method[],
  );
  if ((route as Route<State>).component !== undefined) methods.add("GET");
  return [...methods];
}
