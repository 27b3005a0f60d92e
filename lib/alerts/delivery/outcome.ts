/** What became of one attempt. */
export type SendOutcome =
  | { ok: true }
  | {
    ok: false;
    /** One sentence; nothing secret is in it. */
    error: string;
    /** Another attempt would end in the same way. */
    isFinal: boolean;
    /** What the receiver asked to wait; null where it said nothing. */
    retryAfterMs: number | null;
  };

/** An attempt that may go better next time. */
export function failedFor(
  error: string,
  retryAfterMs: number | null = null,
): SendOutcome {
  return { ok: false, error, isFinal: false, retryAfterMs };
}

/** One that never will. */
export function refusedFor(error: string): SendOutcome {
  return { ok: false, error, isFinal: true, retryAfterMs: null };
}
