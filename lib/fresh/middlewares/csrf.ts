/** `csrf()`: refuses requests that another site made a browser send. */
import type { Context } from "../app/context.ts";
import { HttpError } from "../app/http_error.ts";
import type { Middleware } from "../app/middleware.ts";

/** Options of `csrf()`. */
export interface CsrfOptions<State> {
  /** The allowed origins; the origin of the request's own URL when absent. */
  origin?:
    | string
    | string[]
    | ((origin: string, ctx: Context<State>) => boolean);
}

const SAFE_METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Lets a request pass when its method is safe, when `Sec-Fetch-Site` says that
 * it comes from this origin or from the user, or when its `Origin` is allowed.
 * Browsers send at least one of the two headers with a cross-site request, so a
 * request with neither is not made by one and passes.
 *
 * @throws {HttpError} 403 for every other request.
 */
export function csrf<State>(
  options: CsrfOptions<State> = {},
): Middleware<State> {
  const isAllowed = (origin: string, ctx: Context<State>): boolean => {
    const allowed = options.origin ?? ctx.url.origin;
    if (typeof allowed === "function") return allowed(origin, ctx);
    return Array.isArray(allowed)
      ? allowed.includes(origin)
      : allowed === origin;
  };
  return async (ctx) => {
    const site = ctx.req.headers.get("sec-fetch-site");
    const origin = ctx.req.headers.get("origin");
    const passes = SAFE_METHODS.has(ctx.req.method) ||
      site === "same-origin" || site === "none" ||
      (origin === null ? site === null : isAllowed(origin, ctx));
    if (!passes) throw new HttpError(403);
    return await ctx.next();
  };
}
