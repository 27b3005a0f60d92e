/** The table of routes, and the way of one request through it. */
import type { BuildCache, RouteFile } from "./build_cache.ts";
import type { ResolvedFreshConfig } from "./config.ts";
import { Context } from "./context.ts";
import { INTERNALS } from "./internals.ts";
import { type Method, METHODS } from "./handlers.ts";
import { HttpError } from "./http_error.ts";
import { log } from "./log.ts";
import {
  type MaybeLazy,
  type Middleware,
  runMiddlewares,
} from "./middleware.ts";
import {
  type Route,
  type RouteComponent,
  type RouteConfig,
  runRoute,
} from "./route.ts";
import { type Match, Router } from "./router.ts";
import { type ErrorPage, type Scope, Segment } from "./segments.ts";

/** Answers a request; `info` tells of the connection. */
export type RequestHandler = (
  req: Request,
  info?: Deno.ServeHandlerInfo,
) => Promise<Response>;

/** What is found for a URL. */
interface Endpoint<State> {
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

  /** Sets the error page of a segment, inside the layouts that the segment has by now. */
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

/** Makes the request handler of a table that may still be loading. */
export function createRequestHandler<State>(
  table: Promise<RouteTable<State>>,
  config: ResolvedFreshConfig,
  cache: BuildCache,
): RequestHandler {
  // A failure to load is answered at each request; without this line it would end the process.
  table.catch((error) => log("Cannot load the routes", error));
  return async (req, info = unknownConnection()) => {
    const ready = await table;
    const response = await answer(ready, { req, info, config, cache });
    if (req.method !== "HEAD" || response.body === null) return response;
    await response.body.cancel();
    return new Response(null, response);
  };
}

/** A request and what it meets. */
interface Incoming {
  readonly req: Request;
  readonly info: Deno.ServeHandlerInfo;
  readonly config: ResolvedFreshConfig;
  readonly cache: BuildCache;
}

async function answer<State>(
  table: RouteTable<State>,
  init: Incoming,
): Promise<Response> {
  const url = requestUrl(init.req, init.config.trustProxy);
  let match: Match<Endpoint<State>> = {
    item: null,
    isKnownPath: false,
    params: {},
  };
  let malformed: unknown = null;
  try {
    match = table.router.match(init.req.method, url.pathname);
  } catch (error) {
    malformed = error;
  }
  const scope = match.item?.scope ?? table.root.scope();
  const ctx = new Context<State>({
    ...init,
    url,
    params: match.params,
    route: match.item?.path ?? null,
    layouts: scope.layouts,
    appWrapper: table.appWrapper,
  });
  try {
    if (malformed !== null) throw malformed;
    const middlewares = [
      ...scope.middlewares,
      ...match.item?.middlewares ?? [],
    ];
    const status = match.item === null && match.isKnownPath ? 405 : 404;
    return await runMiddlewares(
      middlewares,
      ctx,
      () => fail(table, ctx, new HttpError(status)),
    );
  } catch (error) {
    const pages = isNotFound(error) && table.notFound !== null
      ? [notFoundPage(table, table.notFound), ...scope.errorPages]
      : scope.errorPages;
    return await renderError(ctx, error, pages);
  }
}

/** The end of the chain: the 404 page still runs inside the middlewares, all else is thrown. */
async function fail<State>(
  table: RouteTable<State>,
  ctx: Context<State>,
  error: HttpError,
): Promise<Response> {
  if (!isNotFound(error) || table.notFound === null || ctx.route !== null) {
    throw error;
  }
  return await runErrorPage(ctx, error, notFoundPage(table, table.notFound));
}

function notFoundPage<State>(
  table: RouteTable<State>,
  page: Route<State> | Middleware<State>,
): ErrorPage<State> {
  return { page, layouts: table.root.scope().layouts };
}

/** Tries the error pages from the inside out; one that fails hands its own error on. */
async function renderError<State>(
  ctx: Context<State>,
  error: unknown,
  [page, ...outer]: readonly ErrorPage<State>[],
): Promise<Response> {
  if (page === undefined) return plainError(error);
  try {
    return await runErrorPage(ctx, error, page);
  } catch (failure) {
    return await renderError(ctx, failure, outer);
  }
}

async function runErrorPage<State>(
  ctx: Context<State>,
  error: unknown,
  { page, layouts }: ErrorPage<State>,
): Promise<Response> {
  const internals = ctx[INTERNALS];
  ctx.error = error;
  internals.layouts = layouts;
  internals.status = error instanceof HttpError ? error.status : 500;
  internals.next = () => Promise.reject(error);
  return await (typeof page === "function" ? page(ctx) : runRoute(page, ctx));
}

function plainError(error: unknown): Response {
  const status = error instanceof HttpError ? error.status : 500;
  if (status >= 500) log("Cannot answer a request", error);
  const message = error instanceof HttpError
    ? error.message
    : "Internal Server Error";
  return new Response(message, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8" },
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof HttpError && error.status === 404;
}

function requestUrl(req: Request, trustProxy: boolean): URL {
  const url = new URL(req.url);
  if (!trustProxy) return url;
  const protocol = req.headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  const host = req.headers.get("x-forwarded-host")?.split(",")[0]?.trim();
  if (protocol === "http" || protocol === "https") url.protocol = protocol;
  // Setting the host keeps the old port when the new one has none.
  if (host) [url.port, url.host] = ["", host];
  return url;
}

/** Stands in when a handler is called without a server, as tests do. */
function unknownConnection(): Deno.ServeHandlerInfo {
  return {
    remoteAddr: { transport: "tcp", hostname: "localhost", port: 0 },
    completed: Promise.resolve(),
  };
}
