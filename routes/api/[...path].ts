import { createDefine } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";

const define = createDefine<PageState>();

/** Hands every request below /api to the HTTP API, whatever its method. */
export const handler = define.handlers((ctx) => {
  const { remoteAddr } = ctx.info as Deno.ServeHandlerInfo<Deno.NetAddr>;
  return ctx.state.services.api(ctx.req, {
    remoteAddress: remoteAddr.hostname,
  });
});
