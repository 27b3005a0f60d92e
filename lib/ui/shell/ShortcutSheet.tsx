import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { SHORTCUT_GROUPS } from "./shortcuts.ts";

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
          {SHORTCUT_GROUPS.filter(({ isAlways }) => isOn || isAlways === true)
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
