/** The sentences about storage that people read. */

/** Why the store takes no writes, what that means and how to mend it. */
export function storageReason(
  health: { detail: string; kind?: unknown; cause?: unknown },
  dataDir: string,
): string {
  return `The store does not take writes: ${health.detail}. Mend the disk of ${dataDir} (free space, or make it writable); until then no new risk is taken, and trading goes on by itself afterwards`;
}

/** A time span in the unit that people would use. */
export function lastedFor(spanMs: number): string {
  const seconds = Math.max(1, Math.round(spanMs / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
