import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A button of the toolbar that opens a panel; Esc, a click elsewhere and leaving it close the panel. */
export function FleetMenu(
  { label, testId, children }: {
    label: string;
    testId: string;
    children: ComponentChildren;
  },
) {
  const ref = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const onDown = (event: PointerEvent) => {
      const menu = ref.current;
      if (menu?.open && !menu.contains(event.target as Node)) menu.open = false;
    };
    document.addEventListener("pointerdown", onDown);
    return () => document.removeEventListener("pointerdown", onDown);
  }, []);
  return (
    <details
      class="fleet-menu"
      ref={ref}
      data-testid={testId}
      onKeyDown={(event) => {
        const menu = ref.current;
        if (event.key !== "Escape" || !menu?.open) return;
        event.stopPropagation();
        menu.open = false;
        menu.querySelector("summary")?.focus();
      }}
      onFocusOut={(event) => {
        const menu = ref.current;
        const to = event.relatedTarget;
        if (menu !== null && to instanceof Node && !menu.contains(to)) {
          menu.open = false;
        }
      }}
    >
      <summary class="btn btn-default">
        {label}
        <span class="chevron" aria-hidden="true" />
      </summary>
      <div class="fleet-menu-panel">{children}</div>
    </details>
  );
}
