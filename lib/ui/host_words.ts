import type { HostState } from "../contracts/host.ts";
import type { GlyphName } from "./words.ts";

/** How the state of a host is shown. */
export const HOST_STATE_WORDS: Readonly<
  Record<HostState, { word: string; tone: string; glyph: GlyphName }>
> = {
  alive: { word: "Up", tone: "ok", glyph: "dot" },
  draining: { word: "Draining", tone: "info", glyph: "half" },
  silent: { word: "Silent", tone: "warn", glyph: "warn" },
  gone: { word: "Gone", tone: "danger", glyph: "cross" },
};
