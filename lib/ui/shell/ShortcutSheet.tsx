import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { NAV } from "./nav.ts";

const GROUPS: readonly {
  title: string;
  /** Work also for who has turned single keys off. */
  isAlways?: true;
  keys: readonly (readonly [string, string])[];
}[] = [
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

/** Every key that does something. */
export function ShortcutSheet(
  { open, isOn, onClose }: {
    open: boolean;
    /** Single keys do something for this person. */
    isOn: boolean;
    onClose: () => void;
  },
) {
  return (
    <Dialog
      label="Keyboard shortcuts"
      open={open}
      onClose={onClose}
      testId="shortcut-sheet"
      size="sheet"
    >
      <div class="dialog-body">
        <h2>Keyboard shortcuts</h2>
        <p class="muted small">
          {isOn
            ? "No single key stops or kills anything. Single keys can be turned off in "
            : "Single keys are turned off for you; turn them on in "}
          <a href="/settings/preferences">your preferences</a>.
        </p>
        <div class="sheet">
          {GROUPS.filter(({ isAlways }) => isOn || isAlways === true)
            .map(({ title, keys }) => (
              <section key={title}>
                <h3>{title}</h3>
                <dl class="sheet-keys">
                  {keys.map(([key, meaning]) => (
                    <div key={key}>
                      <dt>
                        <kbd>{key}</kbd>
                      </dt>
                      <dd>{meaning}</dd>
                    </div>
                  ))}
                </dl>
              </section>
            ))}
        </div>
        <div class="dialog-actions">
          <Button onClick={onClose} autofocus>Close</Button>
        </div>
      </div>
    </Dialog>
  );
}
