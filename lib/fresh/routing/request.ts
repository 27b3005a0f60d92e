/** The way of one request: match, middlewares, route, error page. */
import type { BuildCache } from "../build/build_cache.ts";
import type { ResolvedFreshConfig } from "../app/config.ts";
import { Context } from "../app/context.ts";
import { answerError, answerUnmatched } from "../app/error_pages.ts";
import { log } from "../app/log.ts";
import { runMiddlewares } from "../app/middleware.ts";
import type { Endpoint, RouteTable } from "./route_table.ts";
import type { Match } from "./router.ts";

/** Answers a request; `info` tells of the connection. */
export type RequestHandler = (
  req: Request,
  info?: Deno.ServeHandlerInfo,
) => Promise<Response>;

/** Makes the request handler of a table that may still be loading. */
export function createRequestHandler<State>(
  table: Promise<RouteTable<State>>,
  config: ResolvedFreshConfig,
  cache: BuildCache,
): RequestHandler {
  // A failure to load is answered at each request; without this line it would
  // end the process.
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
      () => answerUnmatched(ctx, table, status),
    );
  } catch (error) {
    return await answerError(ctx, error, { table, scope });
  }
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
