import { define } from "./(_shared)/define.ts";
import { guardForms } from "./(_shared)/csrf.ts";

/** The API has a gate of its own. */
const API = /^\/api(\/|$)/;

/** Every form of every page, whatever its handler does. */
export default define.middleware((ctx) =>
  API.test(ctx.url.pathname) ? ctx.next() : guardForms(ctx)
);
