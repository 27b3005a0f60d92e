/**
 * What to do after a failure, by its kind and by what was asked. The table in
 * docs/trading-model.md is generated from here.
 *
 * @module
 */
import type { VenueErrorKind } from "../gateway/port.ts";
import type { VenueOperation } from "./breaker.ts";
import { RETRIES, RETRY_BASE_MS, RETRY_MAX_MS } from "./limits.ts";

/**
 * What follows:
 *
 * - `retry`: the same request again
 * - `synchronise`: synchronise the clock, then the same request again
 * - `query`: ask what became of the order, then decide whether to ask again
 * - `resolve`: the order may be at the venue: look for it, never send it again
 * - `reject`: the venue did not take the order and will not
 * - `fail`: tell who asked
 * - `stop`: stop the gateway; nothing will work until a person mends it
 */
export type RetryAction =
  | "retry"
  | "synchronise"
  | "query"
  | "resolve"
  | "reject"
  | "fail"
  | "stop";

/** A rule of the table. */
export interface RetryRule {
  action: RetryAction;
  /** Repetitions at most; then it fails. */
  retries: number;
  /** A person should know. */
  alerts: boolean;
  /** The breaker opens at once. */
  opensBreaker: boolean;
  /** For the table. */
  says: string;
}

/** What to do now. */
export interface RetryPlan extends Omit<RetryRule, "retries" | "says"> {
  /** Longest wait before the repetition, to be drawn from 0 to this; null where nothing is repeated. The budget's silence comes on top. */
  delayMaxMs: number | null;
}

function rule(
  action: RetryAction,
  says: string,
  change: Partial<Omit<RetryRule, "action" | "says">> = {},
): RetryRule {
  return {
    action,
    says,
    retries: 0,
    alerts: false,
    opensBreaker: false,
    ...change,
  };
}

const REPEATED = { retries: RETRIES };

/** The table: kind of failure × operation. */
export const RETRY_RULES: Readonly<
  Record<VenueErrorKind, Readonly<Record<VenueOperation, RetryRule>>>
> = {
  unknown: {
    read: rule("retry", "repeated", REPEATED),
    create: rule("resolve", "outcome unknown: looked for, never sent again"),
    cancel: rule("query", "asked what became of it, then repeated", REPEATED),
  },
  rate_limited: {
    read: rule("retry", "repeated when the venue allows it", REPEATED),
    create: rule("reject", "rejected where the venue proves it, else unknown"),
    cancel: rule(
      "retry",
      "repeated when the venue allows it, first of all",
      REPEATED,
    ),
  },
  clock: {
    read: rule("synchronise", "clock synchronised, repeated once", {
      retries: 1,
    }),
    create: rule("reject", "rejected"),
    cancel: rule("synchronise", "clock synchronised, repeated", REPEATED),
  },
  maintenance: {
    read: rule("fail", "breaker opens", { opensBreaker: true }),
    create: rule(
      "reject",
      "rejected where the venue proves it, else unknown; breaker opens",
      { opensBreaker: true },
    ),
    cancel: rule("retry", "repeated, with an alert", {
      ...REPEATED,
      alerts: true,
      opensBreaker: true,
    }),
  },
  auth: {
    read: rule("stop", "gateway stops, with an alert", { alerts: true }),
    create: rule("stop", "rejected, trading halts, with an alert", {
      alerts: true,
    }),
    cancel: rule("stop", "gateway stops, with an alert", { alerts: true }),
  },
  refused: {
    read: rule("fail", "not repeated"),
    create: rule("reject", "rejected; a duplicate id is asked for"),
    cancel: rule("query", "asked what became of it"),
  },
  not_found: {
    read: rule("fail", "not known yet: no proof of anything"),
    create: rule("resolve", "outcome unknown"),
    cancel: rule("query", "asked for its trades: filled or gone"),
  },
};

/**
 * What to do after attempt number `attempt` (1 for the first) has failed. Waits
 * have full jitter: draw them from 0 to `delayMaxMs`.
 */
export function retryPlan(
  kind: VenueErrorKind,
  operation: VenueOperation,
  attempt: number,
): RetryPlan {
  const { action, retries, alerts, opensBreaker } =
    RETRY_RULES[kind][operation];
  const repeats = action === "retry" || action === "synchronise";
  const isSpent = repeats && attempt > retries;
  const canRepeat = retries > 0 && attempt <= retries;
  return {
    action: isSpent ? "fail" : action,
    alerts,
    opensBreaker,
    delayMaxMs: canRepeat
      ? Math.min(RETRY_MAX_MS, RETRY_BASE_MS * 2 ** (attempt - 1))
      : null,
  };
}

/** A wait with full jitter; `random` is from 0 to below 1. */
export function retryDelayMs(delayMaxMs: number, random: number): number {
  return Math.floor(random * (delayMaxMs + 1));
}
