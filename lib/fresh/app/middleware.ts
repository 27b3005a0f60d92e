/** Middlewares and the way a list of them is run. */
import type { Context } from "./context.ts";
import { INTERNALS } from "./internals.ts";

/** A value that is loaded when it is first needed. */
export type Lazy<T> = () => Promise<T>;

/** A value, or a function that loads it. */
export type MaybeLazy<T> = T | Lazy<T>;

/** Runs around everything behind it; `ctx.next()` continues. */
export type Middleware<State> = (
  ctx: Context<State>,
) => Response | Promise<Response>;

// A lazy middleware is known by its result, so what it loaded is remembered
// here.
// deno-lint-ignore no-explicit-any
const loaded = new WeakMap<object, Middleware<any>>();

/**
 * Runs `middlewares` in order, then `last`. A rejection travels through every
 * `await ctx.next()`, so what a middleware does after that line is skipped on
 * error.
 *
 * @throws {TypeError} When a middleware returns something other than a
 *   `Response`.
 */
export function runMiddlewares<State>(
  middlewares: readonly MaybeLazy<Middleware<State>>[],
  ctx: Context<State>,
  last: () => Promise<Response>,
): Promise<Response> {
  const internals = ctx[INTERNALS];
  const dispatch = async (index: number): Promise<Response> => {
    if (index >= middlewares.length) return await last();
    const outer = internals.next;
    internals.next = () => dispatch(index + 1);
    try {
      return await call(middlewares[index]!, ctx);
    } finally {
      internals.next = outer;
    }
  };
  return dispatch(0);
}

async function call<State>(
  entry: MaybeLazy<Middleware<State>>,
  ctx: Context<State>,
): Promise<Response> {
  const known: MaybeLazy<Middleware<State>> = loaded.get(entry) ?? entry;
  let result = await known(ctx);
  if (typeof result === "function") {
    loaded.set(entry, result);
    result = await result(ctx);
  }
  if (result instanceof Response) return result;
  throw new TypeError(
    `Cannot use the result of middleware "${entry.name}": it is no Response`,
  );
}
