import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { isPlainClick, isStopKey } from "../lib/ui/emergency/stop_keys.ts";

const PAGE = "/emergency-stop";

interface DialogProps {
  refusal: string | null;
  onClose: () => void;
}

/**
 * Opens the emergency stop where the user is: by Ctrl+Shift+. and by the button
 * in the bar. Without script, or where it cannot be loaded, the page does the same.
 */
export default function EmergencyDialog(
  { refusal }: Pick<DialogProps, "refusal">,
) {
  const Loaded = useSignal<{ component: ComponentType<DialogProps> } | null>(
    null,
  );
  const isOpen = useSignal(false);
  const opener = useRef<HTMLElement | null>(null);
  useEffect(() => {
    const open = async () => {
      if (isOpen.value) return;
      opener.current = document.activeElement as HTMLElement | null;
      isOpen.value = true;
      if (Loaded.value !== null) return;
      try {
        const { default: component } = await import(
          "../lib/ui/emergency/StopDialog.tsx"
        );
        Loaded.value = { component };
      } catch {
        location.href = PAGE;
      }
    };
    const onKey = (event: KeyboardEvent) => {
      if (!isStopKey(event)) return;
      event.preventDefault();
      void open();
    };
    const onClick = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest(
        'header a[data-testid="emergency-stop"]',
      );
      if (link === null || link === undefined || !isPlainClick(event)) return;
      event.preventDefault();
      void open();
    };
    document.addEventListener("keydown", onKey);
    document.addEventListener("click", onClick);
    return () => {
      document.removeEventListener("keydown", onKey);
      document.removeEventListener("click", onClick);
    };
  }, []);
  const Dialog = Loaded.value?.component;
  if (!isOpen.value || Dialog === undefined) return null;
  return (
    <Dialog
      refusal={refusal}
      onClose={() => {
        isOpen.value = false;
        // While the dialog is still open the rest of the page takes no focus.
        requestAnimationFrame(() => opener.current?.focus());
      }}
    />
  );
}
