import type { FamilyName } from "../families.ts";

/** What changed from one format of the store to the next. */
export interface UpgradeStep {
  /** Format that the store has after it. */
  to: number;
  what: string;
  /** Families whose values are brought to the version of this build. */
  families: readonly FamilyName[];
}

/**
 * The steps, in order. A step is idempotent: it writes only what is still old,
 * and may be run again from its start after a crash at any point.
 *
 * The audit trail is in none: what was written there stays as it was, is brought
 * up as it is read, and the first entry of the chain seals it. Journals and
 * snapshots are brought up by who reads them, agent by agent.
 */
export const UPGRADE_STEPS: readonly UpgradeStep[] = [
  { to: 1, what: "Stores say their format", families: [] },
  {
    to: 2,
    what:
      "A reserved Idempotency-Key says which start of the server took it; an agent says which command wrote it",
    families: ["idempotency", "agent"],
  },
  {
    to: 3,
    what:
      "Logins are kept by the hash of their secret; people can be disabled; the use of an exchange key is noted",
    families: ["user", "session", "exchange_key", "agent"],
  },
  {
    to: 4,
    what:
      "The stamp names the version that runs the store; the format counts the journals and snapshots as well",
    families: [],
  },
];
