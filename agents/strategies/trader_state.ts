import type { StrategyKey } from "../../lib/contracts/strategies.ts";
import type { ArmedSetup, EntryBookSnapshot } from "./entry_state.ts";
import type { PositionBookSnapshot } from "./position_book.ts";
import type { TradeZone, ZoneSetup } from "./setup.ts";

/** State of a `Trader`; structured-cloneable. */
export interface TraderSnapshot {
  entries: EntryBookSnapshot;
  position: PositionBookSnapshot;
  /** Results of the last trades in multiples of their risk, oldest first. */
  results: number[];
  /** What each strategy remembers; none where there is no key. */
  strategies: Partial<Record<StrategyKey, unknown>>;
}

/** A setup before there were entries at the market. */
type FirstSetup = Omit<ZoneSetup, "entry" | "bias"> & { zone: TradeZone };

/** State before there were more than two strategies. */
type FirstSnapshot = Partial<
  Record<StrategyKey, { setup: FirstSetup; intentId: string | null } | null>
>;

/**
 * Brings the entry book of any earlier snapshot to the present shape. The first
 * one held the setups by strategy and nothing else; what it does not tell is
 * not known: no position, no results.
 */
export function upgradeEntryBook(
  old: TraderSnapshot | FirstSnapshot,
): TraderSnapshot {
  if ("entries" in old) return old as TraderSnapshot;
  const armed: EntryBookSnapshot["armed"] = {};
  let submitted: ArmedSetup | null = null;
  for (const [key, first] of Object.entries(old as FirstSnapshot)) {
    if (!first) continue;
    const setup: ZoneSetup = {
      ...first.setup,
      entry: "limit",
      bias: first.setup.zone.bias,
    };
    armed[key as StrategyKey] = { setup, intentId: first.intentId };
    if (first.intentId !== null) {
      submitted = { setup, intentId: first.intentId };
    }
  }
  return {
    entries: { armed, submitted },
    position: null,
    results: [],
    strategies: {},
  };
}
