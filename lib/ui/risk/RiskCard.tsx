import type { ComponentChildren } from "preact";
import { Card } from "../Card.tsx";
import { TableHead } from "../TableHead.tsx";

/** A card whose table scrolls in its own region. */
export function RiskTable(
  { caption, heads, testId, isCards = false, children }: {
    caption: string;
    /** A head that begins with # is of numbers. */
    heads: readonly string[];
    testId: string;
    /** Rows become cards on a phone; cells have their head in `data-label`. */
    isCards?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <div
      class="table-scroll"
      tabIndex={0}
      role="region"
      aria-label={`${caption}, scrollable`}
    >
      <table
        class={isCards ? "table risk-table risk-cards" : "table risk-table"}
        data-testid={testId}
      >
        <caption class="sr-only">{caption}</caption>
        <TableHead heads={heads} />
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** A card of the page. A part that failed says so in its own place. */
export function RiskCard(
  { title, testId, note, problem = null, wide = false, children }: {
    title: string;
    testId: string;
    /** What to know of the figures. */
    note?: string;
    problem?: string | null;
    wide?: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <div
      class={wide ? "risk-card risk-wide" : "risk-card"}
      data-testid={testId}
    >
      <Card title={title}>
        {problem !== null && (
          <p class="tone-danger risk-problem" role="status">{problem}</p>
        )}
        {children}
        {note !== undefined && <p class="risk-note">{note}</p>}
      </Card>
    </div>
  );
}
