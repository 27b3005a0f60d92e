import type { ChannelHealth } from "../contracts/alerts/channel.ts";
import type { EpochMs } from "../contracts/primitives.ts";
import type { SendOutcome } from "./delivery/outcome.ts";
import { FAILING_AFTER } from "./limits.ts";

/** A channel that has never sent. */
export function newHealth(channelId: string): ChannelHealth {
  return {
    channelId,
    failuresInRow: 0,
    failingSince: null,
    lastError: null,
    lastDeliveredAt: null,
    delivered: 0,
    failed: 0,
    dropped: 0,
    lastDroppedAt: null,
  };
}

/** How it does after an attempt. One success makes it well. */
export function afterAttempt(
  health: ChannelHealth,
  outcome: SendOutcome,
  { at, isEnded }: {
    at: EpochMs;
    /** No further attempt follows. */
    isEnded: boolean;
  },
): ChannelHealth {
  if (outcome.ok) {
    return {
      ...health,
      failuresInRow: 0,
      failingSince: null,
      lastError: null,
      lastDeliveredAt: at,
      delivered: health.delivered + 1,
    };
  }
  const failuresInRow = health.failuresInRow + 1;
  const isFailing = isEnded || failuresInRow >= FAILING_AFTER;
  return {
    ...health,
    failuresInRow,
    failingSince: health.failingSince ?? (isFailing ? at : null),
    lastError: outcome.error,
    failed: health.failed + (isEnded ? 1 : 0),
  };
}

/** How it does after alerts were given up because too many waited. */
export function afterDrop(
  health: ChannelHealth,
  { alerts, at }: { alerts: number; at: EpochMs },
): ChannelHealth {
  return { ...health, dropped: health.dropped + alerts, lastDroppedAt: at };
}
