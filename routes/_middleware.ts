import { type Context, HttpError } from "fresh";
import type { PageState } from "../lib/api/page_state.ts";
import { define } from "./(_shared)/define.ts";
import { guardForms } from "./(_shared)/csrf.ts";

/** The API has a gate of its own. */
const API = /^\/api(\/|$)/;

/** Every form of every page, whatever its handler does. */
export default define.middleware((ctx) =>
  API.test(ctx.url.pathname) ? ctx.next() : orNumbered(ctx)
);

/** What nobody foresaw goes into the log under a number, which the error page shows. */
async function orNumbered(ctx: Context<PageState>): Promise<Response> {
  try {
    return await guardForms(ctx);
  } catch (error) {
    if (error instanceof HttpError) throw error;
    const { state, req } = ctx;
    state.requestId = state.services.recordBrokenPage(req, error);
    throw new HttpError(500, undefined, { cause: error });
  }
}
