/**
 * Whether states of pages are also looked at through axe and on a phone. That
 * takes minutes, so `deno task test:e2e` does it; the gate sees every state once.
 */
export const IS_THOROUGH = Deno.env.get("PANEL_THOROUGH") === "1";
