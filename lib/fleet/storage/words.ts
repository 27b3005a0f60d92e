import type { StoreHealth } from "../../store/port.ts";

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
  return `The store ${what}: ${cause}. ${howToMend(dataDir)}`;
}

/** What a person has to do, and what happens meanwhile and afterwards. */
export function howToMend(dataDir: string): string {
  return `Free space on the disk of ${dataDir}, or make it writable again; until then no new risk is taken, and trading goes on by itself afterwards`;
}

/** A time span in the unit that people would use. */
export function lastedFor(spanMs: number): string {
  const seconds = Math.max(1, Math.round(spanMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
