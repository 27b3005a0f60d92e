/**
 * `App`: collects routes, middlewares, layouts and error pages, and answers
 * requests.
 */
import { emptyBuildCache, getBuildCache } from "../build/build_cache.ts";
import {
  type FreshConfig,
  resolveConfig,
  type ResolvedFreshConfig,
} from "./config.ts";
import type { WebSocketHandlers, WebSocketUpgradeOptions } from "./context.ts";
import { addFileRoutes } from "../routing/fs_routes.ts";
import { type Method, METHODS } from "./handlers.ts";
import type { MaybeLazy, Middleware } from "./middleware.ts";
import { registerIslands } from "../render/render_pass.ts";
import {
  createRequestHandler,
  type RequestHandler,
} from "../routing/request.ts";
import type {
  LayoutConfig,
  Route,
  RouteComponent,
  RouteConfig,
} from "./route.ts";
import { RouteTable } from "../routing/route_table.ts";
import { type ListenOptions, serve } from "./serve.ts";
import { shared } from "../render/shared.ts";

/**
 * One step of the set-up; steps are repeated in order when a handler is made.
 */
type Step<State> = (table: RouteTable<State>) => void;

/**
 * An application. Everything is applied from top to bottom: what comes later
 * does not reach back.
 */
export class App<State> {
  /** The resolved configuration. */
  config: ResolvedFreshConfig;
  readonly #steps: Step<State>[] = [];
  #hasFileRoutes = false;

  /** Makes an app; every option has a default. */
  constructor(config: FreshConfig = {}) {
    this.config = resolveConfig(config);
  }

  /** Adds middlewares for every route that follows. */
  use(...middlewares: MaybeLazy<Middleware<State>>[]): this;
  /** Adds middlewares for the routes that follow at and below `path`. */
  use(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this;
  use(
    first: string | MaybeLazy<Middleware<State>>,
    ...rest: MaybeLazy<Middleware<State>>[]
  ): this {
    const [path, added] = typeof first === "string"
      ? [first, rest]
      : ["*", [first, ...rest]];
    return this.#step((table) =>
      table.root.at(path).middlewares.push(...added)
    );
  }

  /** Answers GET and HEAD. */
  get(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(["GET"], path, middlewares);
  }

  /** Answers POST. */
  post(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(["POST"], path, middlewares);
  }

  /** Answers PUT. */
  put(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(["PUT"], path, middlewares);
  }

  /** Answers PATCH. */
  patch(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(["PATCH"], path, middlewares);
  }

  /** Answers DELETE. */
  delete(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(["DELETE"], path, middlewares);
  }

  /** Answers HEAD. */
  head(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(["HEAD"], path, middlewares);
  }

  /** Answers every method. */
  all(path: string, ...middlewares: MaybeLazy<Middleware<State>>[]): this {
    return this.#on(METHODS, path, middlewares);
  }

  /** Upgrades requests for `path` to WebSockets. */
  ws(
    path: string,
    on: WebSocketHandlers,
    options?: WebSocketUpgradeOptions,
  ): this {
    return this.get(path, (ctx) => ctx.upgrade(on, options));
  }

  /**
   * Adds a route with a component, handlers, or both. A lazy one answers every
   * method.
   */
  route(
    path: string,
    route: MaybeLazy<Route<State>>,
    config?: RouteConfig,
  ): this {
    return this.#step((table) => table.addRoute({ path, route, config }));
  }

  /** Adds the files of the routes directory here, below `pattern`. */
  fsRoutes(pattern: string = "*"): this {
    this.#hasFileRoutes = true;
    return this.#step((table) => addFileRoutes(table, pattern));
  }

  /** Wraps the pages that follow at and below `path`. */
  layout(
    path: string,
    component: RouteComponent<State>,
    config: LayoutConfig = {},
  ): this {
    return this.#step((table) =>
      table.root.at(path).layout = { component, config }
    );
  }

  /** Sets the outermost component, which renders `<html>`. */
  appWrapper(component: RouteComponent<State>): this {
    return this.#step((table) => table.appWrapper = component);
  }

  /** Answers what no route matches, and every error with status 404. */
  notFound(page: Route<State> | Middleware<State>): this {
    return this.#step((table) => table.notFound = page);
  }

  /** Answers errors of the routes that follow at and below `path`. */
  onError(path: string, page: Route<State> | Middleware<State>): this {
    return this.#step((table) => table.setErrorPage(path, page));
  }

  /**
   * Makes the function that answers requests.
   *
   * @throws {Error} When there are file routes but no build.
   */
  handler(): RequestHandler {
    const build = getBuildCache(this);
    if (build === null && this.#hasFileRoutes) {
      throw new Error(
        "Cannot serve file routes: no build is set (see fresh/dev)",
      );
    }
    const cache = build ?? emptyBuildCache(this.config.root);
    shared.buildId = cache.buildId;
    const table = cache.load().then(({ routes, islands }) => {
      registerIslands(cache, islands);
      const ready = new RouteTable<State>(this.config.basePath, routes);
      for (const step of this.#steps) step(ready);
      return ready;
    });
    return createRequestHandler(table, this.config, cache);
  }

  /**
   * Serves the app until the process ends, at the first free port of 8000 to
   * 8019.
   */
  async listen(options: ListenOptions = {}): Promise<void> {
    await serve(this.handler(), options);
  }

  #on(
    methods: readonly Method[],
    path: string,
    middlewares: readonly MaybeLazy<Middleware<State>>[],
  ): this {
    return this.#step((table) =>
      table.add(methods, { path, segment: path, middlewares })
    );
  }

  #step(step: Step<State>): this {
    this.#steps.push(step);
    return this;
  }
}
