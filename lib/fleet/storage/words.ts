import type { StoreHealth } from "../../store/store_health.ts";

/** What a failure means for trading. */
export const MEANWHILE =
  "Until then no new risk is taken, and trading goes on by itself afterwards";

/** Why nothing can be stored, what that means and how to mend it. */
export function storageReason(
  { kind, detail }: StoreHealth,
  dataDir: string,
): string {
  // The sentence says itself that the store fails, and alerts have their own time.
  const cause = detail.replace(/^The store has failed since \S+: /, "");
  const what = kind === null
    ? "does not keep up"
    : kind === "read"
    ? "does not answer"
    : "does not take writes";
  return `The store ${what}: ${cause}. Free space on the disk of ${dataDir}, or make it writable again. ${MEANWHILE}`;
}

/** A time span in the unit that people would use. */
export function lastedFor(spanMs: number): string {
  const seconds = Math.max(1, Math.round(spanMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
