import type { Clock } from "../../actors/mod.ts";
import { assert } from "../core/assert.ts";
import type { FleetOptions, RunningFleet } from "../fleet/fleet.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { WrappingKey } from "../vault/envelope.ts";
import { createExchangeKeys } from "../vault/exchange_keys.ts";
import type { ExchangeKeys } from "../vault/port.ts";

/** The keys with the fleet that is going to use them. */
export interface OpenedKeys {
  exchangeKeys: ExchangeKeys;
  /** From here on desks test the keys, and agents that use one keep it. */
  attach(fleet: Pick<RunningFleet, "probeKey" | "keyUsers">): void;
}

/**
 * Opens the exchange keys. They come before the fleet, because the agents that a
 * start brings back trade with them.
 */
export async function openExchangeKeys(
  { store, wrapping, ids, clock }: Pick<FleetOptions, "ids"> & {
    clock: Clock;
    store: OpenedStore;
    wrapping: WrappingKey;
  },
): Promise<OpenedKeys> {
  let attached: Parameters<OpenedKeys["attach"]>[0] | null = null;
  const fleet = () => {
    // The API listens after the fleet has started.
    assert(attached !== null, "A key was asked for before the fleet started");
    return attached;
  };
  return {
    exchangeKeys: await createExchangeKeys({
      store: store.exchangeKeys,
      wrapping,
      ids,
      nowMs: () => clock.nowMs(),
      probe: (key) => fleet().probeKey(key),
      usersOf: (id) => fleet().keyUsers(id),
    }),
    attach: (started) => attached = started,
  };
}
