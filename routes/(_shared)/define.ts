import { createDefine } from "fresh";
import type { PageState } from "../../lib/api/page_state.ts";

/** Gives routes the type of `ctx.state`. */
export const define = createDefine<PageState>();
