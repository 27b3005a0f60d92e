import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * A modal on the native `<dialog>`: focus is kept inside and goes back to the
 * opener, Esc asks `onClose`, and a click outside does nothing.
 */
export function Dialog(
  { label, open, onClose, children, testId, size = "small" }: {
    label: string;
    open: boolean;
    /** Esc was pressed or a close button used. The owner decides by setting `open`. */
    onClose: () => void;
    children: ComponentChildren;
    testId?: string;
    size?: "small" | "full" | "palette" | "sheet";
  },
) {
  const ref = useRef<HTMLDialogElement>(null);
  // Before a frame is painted: an effect after it would leave an empty box that still has the focus.
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      class={`dialog dialog-${size}`}
      aria-label={label}
      {...(testId === undefined ? {} : { "data-testid": testId })}
      onCancel={(event) => {
        if (event.target !== ref.current) return;
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        // Chromium closes on a second Esc without a `cancel` event.
        if (event.key !== "Escape" || event.defaultPrevented) return;
        event.preventDefault();
        onClose();
      }}
    >
      {open && children}
    </dialog>
  );
}
