import type { ComponentChildren } from "preact";

/** One figure of a strip: its name, the value, and what to know of it. */
export function Kpi(
  { name, sub, children }: {
    name: string;
    sub: string;
    children: ComponentChildren;
  },
) {
  return (
    <div class="kpi">
      <p class="kpi-name">{name}</p>
      <p class="kpi-value">{children}</p>
      <p class="kpi-sub" title={sub}>{sub}</p>
    </div>
  );
}
