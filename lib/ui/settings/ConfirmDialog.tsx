import type { ComponentChildren } from "preact";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";

/** Asks once more before something ends that does not come back. */
export function ConfirmDialog(
  { label, open, busy, goOn, onClose, onConfirm, children }: {
    label: string;
    open: boolean;
    busy: boolean;
    /** What is done, as the button says it. */
    goOn: string;
    onClose: () => void;
    onConfirm: () => void;
    children: ComponentChildren;
  },
) {
  return (
    <Dialog label={label} open={open} onClose={onClose} testId="confirm-dialog">
      <div class="dialog-body">
        <h2>{label}</h2>
        {children}
        <div class="dialog-actions">
          <Button onClick={onClose}>Cancel</Button>
          <Button
            kind="danger"
            busy={busy}
            onClick={onConfirm}
            data-testid="confirm-go-on"
          >
            {goOn}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
