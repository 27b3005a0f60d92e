import { createDefine } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";

const define = createDefine<PageState>();

/** Hands every request below /api to the HTTP API, whatever its method. */
export const handler = define.handlers(({ req, state: { services } }) =>
  services.api(req, { remoteAddress: services.addressOf(req) })
);
