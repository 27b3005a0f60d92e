import type { EpochMs } from "../../../lib/contracts/primitives.ts";

/** State of one rule. */
export type RuleState =
  | { level: "quiet" }
  | { level: "warning"; since: EpochMs }
  | {
    level: "acting";
    /** `unknown` while the limit itself was not seen to be reached: it ends when the measure is known and better than the limit. */
    cause: "limit" | "unknown";
    since: EpochMs;
    /** Since when the measure is unknown; null while it is known. */
    unknownSince: EpochMs | null;
    reason: string;
  };

/** States of a set of rules by their ids. A rule without one is quiet. */
export type RuleStates = Readonly<Record<string, RuleState>>;
