import { useSignal } from "@preact/signals";
import { explain } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { formatDuration } from "../format.ts";

/** Warns before a login ends, and says what to do once it has. What was entered stays on the page. */
export function SessionWarning(
  { leftMs, canStay, onStayed, onClose }: {
    /** Until the end; 0 or less once it is there. */
    leftMs: number;
    /** A use puts the end off. */
    canStay: boolean;
    onStayed: () => void;
    onClose: () => void;
  },
) {
  const problem = useSignal<string | null>(null);
  const busy = useSignal(false);
  const stay = async () => {
    busy.value = true;
    try {
      await api.stayLoggedIn();
      onStayed();
    } catch (error) {
      problem.value = explain(error);
    } finally {
      busy.value = false;
    }
  };
  const hasEnded = leftMs <= 0;
  return (
    <Dialog
      label="Your login"
      open
      onClose={onClose}
      testId="session-warning"
    >
      <div class="dialog-body" role="alert">
        <h2>{hasEnded ? "You are logged out" : "You will be logged out"}</h2>
        <p>{wordsOf({ hasEnded, canStay })}</p>
        {problem.value !== null && <p class="tone-danger">{problem.value}</p>}
      </div>
      {!hasEnded && (
        <p class="session-left" aria-hidden="true" data-testid="session-left">
          {formatDuration(leftMs)}
        </p>
      )}
      <div class="dialog-body dialog-actions">
        <Button onClick={onClose}>Close</Button>
        {hasEnded && (
          <a
            class="btn btn-primary"
            href="/login"
            target="_blank"
            rel="noopener"
          >
            Log in in another tab
          </a>
        )}
        {!hasEnded && canStay && (
          <Button
            kind="primary"
            busy={busy.value}
            autofocus
            data-testid="session-stay"
            onClick={() => void stay()}
          >
            Stay logged in
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function wordsOf(
  { hasEnded, canStay }: { hasEnded: boolean; canStay: boolean },
): string {
  if (hasEnded) {
    return "Log in again in another tab, then go on here: what you have " +
      "entered stays on this page.";
  }
  return canStay
    ? "Nobody has used this login for a while. Agents go on either way."
    : "A login lasts 12 hours at most. Save what you have begun, or log in " +
      "again in another tab once it has ended; what you have entered stays " +
      "on this page.";
}
