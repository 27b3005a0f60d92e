import type { ComponentChildren } from "preact";
import { Button } from "./Button.tsx";
import { ApiProblem, isSignedOut } from "./client/api_client.ts";
import { loginAgainHref } from "./client/reach.ts";
import { ErrorState, ProblemState } from "./Feedback.tsx";

/**
 * Something that could not be read or done: what the server says of it, with
 * code and request, and what helps. Only in islands, after they have asked.
 */
export function Failed(
  { title, error, busy = false, onRetry, children }: {
    /** What failed, where the server says nothing itself. */
    title: string;
    error: unknown;
    busy?: boolean;
    /** Does the same again; left out where the form beside it does. */
    onRetry?: () => void;
    children?: ComponentChildren;
  },
) {
  if (isSignedOut(error)) {
    return (
      <ErrorState title="Your session has ended" detail={`${title}.`}>
        <p>
          <a class="btn btn-primary" href={loginAgainHref()}>Log in again</a>
        </p>
      </ErrorState>
    );
  }
  const ways = (
    <>
      {onRetry !== undefined && (
        <p>
          <Button busy={busy} onClick={onRetry} data-testid="retry">
            Try again
          </Button>
        </p>
      )}
      {children}
    </>
  );
  return error instanceof ApiProblem
    ? <ProblemState problem={error.problem}>{ways}</ProblemState>
    : (
      <ErrorState
        title={title}
        detail={error instanceof Error ? error.message : String(error)}
      >
        {ways}
      </ErrorState>
    );
}
