import type { FleetOptions, RunningFleet } from "../fleet/fleet.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { Keyring } from "../vault/envelope.ts";
import { createExchangeKeys } from "../vault/exchange_keys.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import { openFleet, sharedWith } from "./open_fleet.ts";
import type { PlatformOptions } from "./platform.ts";

/** What the parts that trade are opened with. */
export type TradingOptions =
  & Omit<Parameters<typeof openFleet>[1], "exchangeKeys" | "shared" | "mirror">
  & { store: OpenedStore; wrapping: Keyring };

/** The fleet and the keys that it trades with; each asks the other. */
export async function openTrading(
  options: PlatformOptions,
  parts: TradingOptions,
): Promise<{
  fleet: RunningFleet;
  exchangeKeys: ExchangeKeys;
  /** The name of this process among those that share the store; null where there is only this one. */
  hostId: string | null;
}> {
  const { wrapping, ...own } = parts;
  // The keys first: agents that a start brings back trade with them at once.
  const exchangeKeys = await openExchangeKeys(own, {
    wrapping,
    fleet: () => fleet,
  });
  const shared = await sharedWith(options, own);
  const fleet: RunningFleet = await openFleet(options, {
    ...own,
    ...shared,
    exchangeKeys,
  });
  return { fleet, exchangeKeys, hostId: shared.shared?.self.id ?? null };
}

function openExchangeKeys(
  { store, ids, clock }:
    & Pick<FleetOptions, "clock" | "ids">
    & { store: OpenedStore },
  { wrapping, fleet }: { wrapping: Keyring; fleet: () => RunningFleet },
): Promise<ExchangeKeys> {
  return createExchangeKeys({
    store: store.exchangeKeys,
    wrapping,
    ids,
    nowMs: () => clock.nowMs(),
    probe: (key) => fleet().probeKey(key),
    usersOf: (id) => fleet().keyUsers(id),
    audit: (entry) => store.audit(entry),
    onChange: (key) => fleet().tellKey(key),
    onRemove: (key) => fleet().forgetKey(key),
    refuseWhileTraded: (key) => fleet().refuseWhileTraded(key),
    withKeyReleased: (key, replace) => fleet().withKeyReleased(key, replace),
  });
}
