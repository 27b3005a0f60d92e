/** Error pages: what answers when a middleware or a route throws. */
import type { Context } from "./context.ts";
import { HttpError } from "./http_error.ts";
import { INTERNALS } from "./internals.ts";
import { log } from "./log.ts";
import { runRoute } from "./route.ts";
import type { RouteTable } from "../routing/route_table.ts";
import type { ErrorPage, Scope } from "../routing/segments.ts";

/**
 * Answers with the error page for `error`: the 404 page for a 404, else the
 * innermost one. What nobody foresaw is logged, whatever page answers.
 */
export async function answerError<State>(
  ctx: Context<State>,
  error: unknown,
  { table, scope }: { table: RouteTable<State>; scope: Scope<State> },
): Promise<Response> {
  if (!(error instanceof HttpError)) {
    // Without the query, which may hold secrets.
    log(`Cannot answer ${ctx.req.method} ${ctx.url.pathname}`, error);
  }
  const notFound = isNotFound(error) ? notFoundPage(table) : null;
  const pages = scope.errorPages;
  return await renderError(
    ctx,
    error,
    notFound === null ? pages : [notFound, ...pages],
  );
}

/**
 * Ends the chain of middlewares where no route answered. The 404 page still
 * runs inside the middlewares; all else is thrown.
 *
 * @throws {HttpError} When there is no 404 page, or the status is another.
 */
export async function answerUnmatched<State>(
  ctx: Context<State>,
  table: RouteTable<State>,
  status: 404 | 405,
): Promise<Response> {
  const error = new HttpError(status);
  const page = status === 404 && ctx.route === null
    ? notFoundPage(table)
    : null;
  if (page === null) throw error;
  return await runErrorPage(ctx, error, page);
}

function notFoundPage<State>(
  table: RouteTable<State>,
): ErrorPage<State> | null {
  if (table.notFound === null) return null;
  return { page: table.notFound, layouts: table.root.scope().layouts };
}

/**
 * Tries the error pages from the inside out; one that fails hands its own error
 * on.
 */
async function renderError<State>(
  ctx: Context<State>,
  error: unknown,
  [page, ...outer]: readonly ErrorPage<State>[],
): Promise<Response> {
  if (page === undefined) return plainError(error);
  try {
    return await runErrorPage(ctx, error, page);
  } catch (failure) {
    if (failure !== error && !(failure instanceof HttpError)) {
      log("Cannot render the error page", failure);
    }
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
