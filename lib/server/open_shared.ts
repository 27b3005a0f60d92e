import type { RunningBacktests } from "../backtest/service.ts";
import type { FleetOptions, RunningFleet } from "../fleet/fleet.ts";
import type { LiveHub } from "../live/port.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import { openBacktests } from "./open_backtests.ts";
import type { PlatformOptions } from "./platform.ts";
import { SharedMemory } from "./shared_memory.ts";

/** Parts that have in memory what other processes over the same store may change. */
export interface SharedParts extends Pick<FleetOptions, "clock" | "ids"> {
  store: OpenedStore;
  hub: LiveHub;
  fleet: RunningFleet;
  exchangeKeys: ExchangeKeys;
}

/** Starts backtests, and keeps what is in memory up to date where other processes change it, too. */
export async function openSharedParts(
  options: PlatformOptions,
  { parts, hostId }: {
    parts: SharedParts;
    /** The name of this process among those that share the store; null where there is only this one. */
    hostId: string | null;
  },
): Promise<{ backtests: RunningBacktests; memory: SharedMemory | null }> {
  const { store, clock, fleet, exchangeKeys } = parts;
  const backtests = await openBacktests(options, { ...parts, hostId });
  if (hostId === null) return { backtests, memory: null };
  const memory = new SharedMemory({
    changes: store.changes,
    clock,
    reload: {
      templates: () => fleet.reloadTemplates(),
      exchange_keys: () => exchangeKeys.reload(),
      backtests: () => backtests.refresh(),
    },
    onError: (what, error) => options.console.error(`Cannot ${what}`, error),
  });
  memory.start();
  return { backtests, memory };
}
