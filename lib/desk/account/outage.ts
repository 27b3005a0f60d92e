/**
 * Why an account takes no new risk for now although its books would let it: its
 * journal's disk or the owner's store does not take what would follow.
 */
export interface Outage {
  code: "JOURNAL_UNAVAILABLE" | "STORE_UNAVAILABLE";
  /** One sentence: what is wrong and what to do. */
  reason: string;
}

/** The account stands still because its records come faster than they reach the disk. */
export const SLOW_DISK: Outage = {
  code: "JOURNAL_UNAVAILABLE",
  reason:
    "The disk is slower than the account; wait, or give the journals a faster one",
};

/** What stands in the way of new risk; the disk before the store, because without it nothing can be kept at all. */
export function outageOf(
  causes: { journalFailure: string | null; heldReason: string | null },
): Outage | null {
  const { journalFailure, heldReason } = causes;
  if (journalFailure !== null) {
    return { code: "JOURNAL_UNAVAILABLE", reason: journalFailure };
  }
  return heldReason === null
    ? null
    : { code: "STORE_UNAVAILABLE", reason: heldReason };
}
