import { define } from "../(_shared)/define.ts";

export const handler = define.handlers({
  GET: (ctx) => ctx.redirect("/settings/password", 303),
});
