import { Button } from "../Button.tsx";
import type { Failure } from "../client/failure.ts";
import type { Pages } from "./pages.ts";

/** While a list is read, and when it cannot be: what is known stays, and one may try again. */
export function PageState<T>(
  { pages, what }: { pages: Pages<T>; what: string },
) {
  const { page, failure, isBusy } = pages;
  if (failure.value !== null) {
    return (
      <PanelFailure
        what={what}
        failure={failure.value}
        busy={isBusy.value}
        onRetry={() => void pages.reload()}
      />
    );
  }
  return page.value === null ? <Skeleton what={what} /> : null;
}

/** A part of the page that could not be read, with the way to try again. */
export function PanelFailure(
  { what, failure, busy, onRetry }: {
    /** "the history". */
    what: string;
    /** Null where the server painted the page without it, and said no more. */
    failure: Failure | null;
    busy: boolean;
    onRetry: () => void;
  },
) {
  return (
    <div class="panel-failure" role="alert">
      <div>
        <p>
          <span class="tone-danger">{capital(what)} could not be read.</span>
          {" "}
          {failure?.detail}
        </p>
        <FailureMeta failure={failure} />
      </div>
      <Button small busy={busy} data-testid="panel-retry" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

/** Code and request, by which the failure is found in the server's log. */
export function FailureMeta({ failure }: { failure: Failure | null }) {
  if (failure === null) return null;
  const { code, requestId } = failure;
  if (code === null && requestId === null) return null;
  return (
    <p class="error-meta">
      {code !== null && <code>{code}</code>}
      {requestId !== null && <span>Request {requestId}</span>}
    </p>
  );
}

/** Lines in the place of what is on its way; seen only where it takes long. */
export function Skeleton({ what }: { what: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="sr-only">Reading {what}</span>
      {[1, 2, 3, 4].map((line) => (
        <span key={line} class="skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
