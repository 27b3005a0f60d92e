import { define } from "./(_shared)/define.ts";
import { guardForms } from "./(_shared)/csrf.ts";

/** The API has a gate of its own. */
const API = /^\/api(\/|$)/;

export const handler = define.middleware((ctx) =>
  API.test(ctx.url.pathname) ? ctx.next() : guardForms(ctx)
);
