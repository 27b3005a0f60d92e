import { NAV } from "./nav.ts";

/** Keys that work at one place. */
export interface ShortcutGroup {
  title: string;
  /** Work also for who has turned single keys off. */
  isAlways?: true;
  /** Key and what it does. */
  keys: readonly (readonly [key: string, meaning: string])[];
}

/** Every key that does something, for the sheet and the documentation. */
export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  {
    title: "Everywhere, always",
    isAlways: true,
    keys: [
      ["Ctrl+K", "Command palette"],
      ["Ctrl+Shift+.", "Emergency stop: its page, which asks"],
      ["Esc", "Close or clear"],
    ],
  },
  {
    title: "Everywhere",
    keys: [
      ["?", "This sheet"],
      ["/", "Filter of the page"],
      ["n", "Spawn an agent"],
      ["t", "Dark or light"],
      ...NAV.map(({ key, label }) => [`g ${key}`, label] as const),
    ],
  },
  {
    title: "Table of agents, while it has the focus",
    keys: [
      ["j k ↓ ↑", "Move"],
      ["x Shift+x", "Select, select a range"],
      ["Enter", "Open"],
      ["e", "Expand"],
      ["p", "Pause or resume"],
    ],
  },
  {
    title: "Logs",
    keys: [["Space", "Pause or follow"], ["End", "Follow"]],
  },
  {
    title: "Replay of a backtest",
    keys: [
      ["← →", "One candle back or on"],
      ["Shift+← →", "To the event before or after"],
      ["Space", "Play or pause"],
    ],
  },
  {
    title: "Chart, while it has the focus",
    keys: [
      ["← →", "Candle before, candle after"],
      ["PgUp PgDn", "Ten candles"],
      ["Home End", "First candle, newest candle"],
      ["↑ ↓", "Price, volume, equity or drawdown"],
      ["+ −", "Zoom"],
      ["Enter", "Summary, and all that is on the candle"],
      ["o", "Hide or show the overlays"],
    ],
  },
];
