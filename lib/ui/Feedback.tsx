import type { ComponentChildren } from "preact";
import type { Problem } from "../contracts/problem.ts";
import { Glyph } from "./Glyph.tsx";
import type { Tone } from "./words.ts";

/** One sentence and one action where there is nothing to show. */
export function EmptyState(
  { title, children }: { title: string; children?: ComponentChildren },
) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** A failure with everything that helps to mend it. */
export function ErrorState(
  { title, detail, code, requestId, children }: {
    title: string;
    detail: string;
    code?: string | undefined;
    requestId?: string | undefined;
    /** Actions such as Retry. */
    children?: ComponentChildren;
  },
) {
  return (
    <div class="error-state" role="alert">
      <p class="error-title tone-danger">
        <Glyph name="cross" /> {title}
      </p>
      <p>{detail}</p>
      {(code !== undefined || requestId !== undefined) && (
        <p class="error-meta">
          {code !== undefined && <code>{code}</code>}
          {requestId !== undefined && requestId !== "" && (
            <span>Request {requestId}</span>
          )}
        </p>
      )}
      {children}
    </div>
  );
}

/** {@link ErrorState} of a problem of the API. */
export function ProblemState(
  { problem, children }: { problem: Problem; children?: ComponentChildren },
) {
  return (
    <ErrorState
      title={problem.title}
      detail={problem.detail}
      code={problem.code}
      requestId={problem.instance}
    >
      {children}
    </ErrorState>
  );
}

/** A line across the page: stale data, an ended session, a restored draft. */
export function Banner(
  { tone, children, testId }: {
    tone: Tone;
    children: ComponentChildren;
    testId?: string;
  },
) {
  return (
    <div
      class={`banner banner-${tone}`}
      role="status"
      {...(testId === undefined ? {} : { "data-testid": testId })}
    >
      <Glyph
        name={tone === "danger" ? "cross" : tone === "warn" ? "warn" : "dot"}
      />
      <div>{children}</div>
    </div>
  );
}
