/**
 * The subset of Fresh 2.3's public interface that this product uses, for
 * machines that reach npm only. `deno.jsr.json` maps the same names to the
 * original; nothing here may go beyond it.
 *
 * Left out because nothing here calls it: partials, `mountApp`, `ipFilter`,
 * `cors`, `trailingSlashes`, `registerIsland`, `onTransformStaticFile`, CSS of
 * routes, and changes of the head in the browser.
 *
 * Production start: `dev.ts build` writes `_fresh/server.js`, which imports
 * `app` from `main.ts`, gives it the build, and exports `{ fetch }`. Either run
 * `deno serve _fresh/server.js`, or serve from `main.ts` without awaiting at
 * top level (the two files import each other):
 *
 * ```ts
 * export const app = new App<State>().use(staticFiles()).fsRoutes();
 *
 * async function start(): Promise<void> {
 *   await import(new URL("_fresh/server.js", import.meta.url).href);
 *   Deno.serve({ hostname, port }, app.handler());
 * }
 * if (import.meta.main) start();
 * ```
 *
 * @module
 */
export { App } from "./app/app.ts";
export type { ListenOptions } from "./app/serve.ts";
export type { FreshConfig, ResolvedFreshConfig } from "./app/config.ts";
export type {
  Context,
  WebSocketHandlers,
  WebSocketUpgradeOptions,
} from "./app/context.ts";
export { createDefine, type Define } from "./app/define.ts";
export { page } from "./app/handlers.ts";
export type {
  HandlerByMethod,
  HandlerFn,
  Method,
  PageResponse,
  RouteHandler,
} from "./app/handlers.ts";
export { HttpError } from "./app/http_error.ts";
export type { Lazy, MaybeLazy, Middleware } from "./app/middleware.ts";
export type { LayoutConfig, PageProps, RouteConfig } from "./app/route.ts";
export { csp, type CSPOptions } from "./middlewares/csp.ts";
export { csrf, type CsrfOptions } from "./middlewares/csrf.ts";
export { staticFiles } from "./middlewares/static_files.ts";
