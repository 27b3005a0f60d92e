import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { EmergencyResponse } from "../../contracts/emergency.ts";
import { connection, overhearLive } from "../client/live.ts";
import { addSystemEvent, notices } from "../client/notices.ts";
import { formatTime, zoneName } from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import { type TradingStanding, tradingStanding } from "./trading_state.ts";

/** Says whether the fleet may trade, and leads to what stops it. */
export function TradingChip({ trading }: { trading: TradingStanding }) {
  const shown = useSignal(trading);
  const asOf = useSignal<number | null>(null);
  useEffect(() => {
    asOf.value = Date.now();
    // The event says that something changed; what holds now is asked for.
    const refresh = async () => {
      const response = await fetch("/api/emergency");
      if (!response.ok) return;
      const state: EmergencyResponse = await response.json();
      shown.value = tradingStanding(state);
      asOf.value = Date.now();
    };
    // A page without a stream hears of nothing; who comes back to it looks again.
    const onLook = () => {
      const isSeen = document.visibilityState === "visible";
      if (isSeen && connection.value.kind !== "live") {
        void refresh().catch(() => {});
      }
    };
    document.addEventListener("visibilitychange", onLook);
    const leave = overhearLive({
      onEvent: (event) => {
        if (event.type !== "system.event") return;
        addSystemEvent(event.data, Date.parse(event.at));
        if (event.data.kind === "emergency") void refresh().catch(() => {});
      },
      refresh,
    });
    return () => {
      leave();
      document.removeEventListener("visibilitychange", onLook);
    };
  }, []);
  const isLive = connection.value.kind === "live";
  const age = isLive || asOf.value === null
    ? ""
    : `; as of ${formatTime(asOf.value)} ${zoneName()}`;
  const { word, meaning, glyph, tone } = shown.value;
  return (
    <a
      class={`chip chip-link tone-${tone}`}
      href="/emergency-stop"
      title={meaning + age}
      data-testid="trading-chip"
    >
      <Glyph name={glyph} />
      <span class="sr-only">Trading:</span>
      <span class="chip-text">{word}</span>
    </a>
  );
}

/** Opens the command palette. */
export function PaletteButton({ onOpen }: { onOpen: () => void }) {
  return (
    <button
      type="button"
      class="btn btn-quiet shell-tool palette-open"
      aria-label="Find a page, an agent or an action, Ctrl K"
      aria-keyshortcuts="Control+K"
      title="Find a page, an agent or an action (Ctrl+K)"
      data-testid="palette-open"
      onClick={onOpen}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path
          d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.2 3.2"
          fill="none"
          stroke="currentColor"
          stroke-width="1.5"
          stroke-linecap="round"
        />
      </svg>
      <kbd class="palette-key" aria-hidden="true">Ctrl K</kbd>
    </button>
  );
}

/** Opens the notifications, and says how many are new. */
export function Bell({ onOpen }: { onOpen: () => void }) {
  const { unread } = notices.value;
  return (
    <button
      type="button"
      class="btn btn-quiet btn-icon shell-tool"
      aria-label={unread === 0
        ? "Notifications"
        : `Notifications, ${unread} new`}
      title="Notifications"
      data-testid="notices-open"
      onClick={onOpen}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path
          d="M8 2a4 4 0 0 0-4 4v2.6L2.8 11h10.4L12 8.6V6a4 4 0 0 0-4-4zM6.6 13a1.5 1.5 0 0 0 2.8 0"
          fill="none"
          stroke="currentColor"
          stroke-width="1.4"
          stroke-linejoin="round"
        />
      </svg>
      {unread > 0 && (
        <span class="bell-count" aria-hidden="true">
          {unread > 9 ? "9+" : unread}
        </span>
      )}
    </button>
  );
}
