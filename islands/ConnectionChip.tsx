import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { formatDuration, formatTime, zoneName } from "../lib/ui/format.ts";
import { Glyph } from "../lib/ui/Glyph.tsx";
import { connection, freshAt, reconnectNow } from "../lib/ui/client/live.ts";
import {
  type ConnectionState,
  POLL_EVERY_MS,
} from "../lib/ui/client/stream_client.ts";
import type { GlyphName, Tone } from "../lib/ui/words.ts";

interface ChipLook {
  tone: Tone;
  glyph: GlyphName;
  text: string;
  /** Left out where there is little room. */
  detail?: string;
  hint: string;
}

/** Says in the top bar how live the page is; a click tries to reconnect at once. */
export default function ConnectionChip() {
  const now = useSignal<number | null>(null);
  useEffect(() => {
    now.value = Date.now();
    const timer = setInterval(() => now.value = Date.now(), 1_000);
    return () => clearInterval(timer);
  }, []);
  const state = connection.value;
  const { tone, glyph, text, detail, hint } = describe(state, now.value);
  return (
    <>
      <button
        type="button"
        class={`chip tone-${tone}`}
        title={hint}
        data-testid="connection-chip"
        data-state={state.kind}
        onClick={reconnectNow}
      >
        <Glyph name={glyph} />
        <span class="chip-text">
          {text}
          {detail !== undefined && (
            <span class="chip-detail">&nbsp;{detail}</span>
          )}
        </span>
      </button>
      <span class="sr-only" role="status">
        {state.kind === "live" ? "Live" : state.kind}
      </span>
    </>
  );
}

function describe(state: ConnectionState, now: number | null): ChipLook {
  switch (state.kind) {
    case "connecting":
      return {
        tone: "info",
        glyph: "half",
        text: "Connecting",
        hint: "Opening the live stream",
      };
    case "live":
      return {
        tone: "ok",
        glyph: "dot",
        text: "Live",
        ...(now === null ? {} : { detail: `${formatTime(now)} ${zoneName()}` }),
        hint: freshAt.value === null
          ? "Connected; nothing has changed since the page was made"
          : `Connected; last change at ${
            formatTime(freshAt.value)
          } ${zoneName()}`,
      };
    case "reconnecting": {
      const waitMs = now === null ? 0 : Math.max(0, state.retryAt - now);
      return {
        tone: "warn",
        glyph: "half",
        text: `Reconnecting (${state.attempt})`,
        detail: `next in ${formatDuration(waitMs)}`,
        hint: "The live stream is lost. Click to try at once",
      };
    }
    case "polling":
      return {
        tone: "warn",
        glyph: "ring",
        text: "Polling",
        detail: `every ${POLL_EVERY_MS / 1_000} s`,
        hint:
          `The live stream failed ${state.attempt} times. Click to try it at once`,
      };
    case "offline":
      return {
        tone: "danger",
        glyph: "cross",
        text: "Offline",
        detail: `since ${formatTime(state.since).slice(0, 5)}`,
        hint: `No answer after ${state.attempt} attempts. Click to try at once`,
      };
    case "signedOut":
      return {
        tone: "danger",
        glyph: "cross",
        text: "Signed out",
        hint: "Your session has ended. Log in again, here or in another tab",
      };
  }
}
