/**
 * Puts the platform together: store, auth, fleet, live hub and API, in this
 * order, and takes it apart again in the reverse one.
 *
 * @module
 */
import { type ActorHost, systemClock } from "../../actors/mod.ts";
import type { Services } from "../api/page_state.ts";
import { createSetupTokenFile, type SetupToken } from "../auth/setup_token.ts";
import type { Env } from "../core/env.ts";
import { createIdFactory } from "../core/ids.ts";
import { createPooledRandom } from "../core/pooled_random.ts";
import type { HostFactories } from "../fleet/context.ts";
import { type FleetOptions, type RunningFleet } from "../fleet/fleet.ts";
import { createLiveHub } from "../live/hub.ts";
import { createExchangeKeys } from "../vault/exchange_keys.ts";
import type { ExchangeKeys } from "../vault/port.ts";
import type { Keyring } from "../vault/envelope.ts";
import { openAuditTrail } from "./audit_trail.ts";
import { openIdentity } from "./open_identity.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { EMERGENCY_FOLDER } from "../contracts/emergency_desk.ts";
import { openDataFolder } from "./data_folder.ts";
import { openVault } from "./open_vault.ts";
import type { Console } from "./console.ts";
import { countCommands } from "./count_commands.ts";
import { createRecycling } from "./recycling.ts";
import { createServerMetrics } from "./server_metrics.ts";
import { createServices } from "./services.ts";
import { hasFolder } from "./data_paths.ts";
import { createStoredSetupToken } from "./stored_setup_token.ts";
import { openBacktests } from "./open_backtests.ts";
import { openFleet, sharedWith } from "./open_fleet.ts";

/** What a platform starts from. */
export interface PlatformOptions {
  env: Env;
  /** Folder of the project, where the built workers are. */
  root: URL;
  console: Console;
  /** What the process loads meanwhile; agents that a start brings back trade when it has ended. */
  loading?: Promise<unknown>;
  /**
   * Drains the process and ends it for a fresh one, at a quiet moment, because
   * threads burn that cannot be ended otherwise. Left out where nobody would
   * start it again: then the operator is told.
   */
  onRecycle?: (detail: string) => void;
  /** Ends the process at once, without storing anything: others go on with its agents. */
  onFenced?: () => void;
  /** Drains the process for good, as a person wants it. */
  onDrainWanted?: () => void;
  /** Handed the opened store, so that a measurement can commit events as a fleet would. */
  onStore?: (store: OpenedStore) => void;
  /** Wraps every worker host, so that a test can end workers as a fault would. */
  decorateHost?: (host: ActorHost, kind: keyof HostFactories) => ActorHost;
}

/** A running platform. */
export interface Platform {
  services: Services;
  /** The one-time token for the first account, or null once it exists. */
  setupToken: string | null;
  /** Refuses new work, ends streams, stops all actors and closes the store. */
  drain(reason: string): Promise<void>;
}

/** Starts everything. Rejects with one sentence if any part cannot start. */
export async function startPlatform(
  options: PlatformOptions,
): Promise<Platform> {
  const { env, console, onRecycle } = options;
  const clock = systemClock;
  const ids = createIdFactory({ nowMs: () => clock.nowMs(), random });
  const folder = hasFolder(env)
    ? await openDataFolder(env.DATA_DIR, foldersOf(env))
    : NO_FOLDER;
  const { store, wrapping } = await openVault({ env, time: clock, console });
  options.onStore?.(store);
  const auditTrail = await openAuditTrail(options, { store, clock });
  const hub = createLiveHub({ events: store.events, time: clock });
  const setupToken = hasFolder(env)
    ? createSetupTokenFile(env.DATA_DIR)
    : createStoredSetupToken(store.secrets);
  const auth = await openIdentity(options, {
    store,
    clock,
    setupToken,
    wrapping,
    onEnded: (userId) => hub.recheck(userId),
  });
  const recycling = createRecycling({ clock, console, onRecycle });
  const own = { clock, ids, store };
  // The keys first: agents that a start brings back trade with them at once.
  const exchangeKeys = await openExchangeKeys(own, {
    wrapping,
    fleet: () => fleet,
  });
  const fleet: RunningFleet = await openFleet(options, {
    ...own,
    ...await sharedWith(options, own),
    random,
    hub,
    exchangeKeys,
    onRecycleWanted: recycling.onRecycleWanted,
  });
  const backtests = await openBacktests(options, { clock, ids, store, hub });
  const state = { isDraining: false };
  const metrics = createServerMetrics({ clock, fleet, store, hub, state });
  const services = createServices(
    { store, hub, fleet, backtests, exchangeKeys, auditTrail, metrics },
    { ...own, env, auth, state, console },
  );
  const counted = countCommands(services.api);
  recycling.isQuiet = () => counted.underWay() === 0 && fleet.isQuiet();
  return {
    services: { ...services, api: counted.api },
    setupToken: await offerSetup(auth, { setupToken, env }),
    async drain(reason) {
      state.isDraining = true;
      metrics.close();
      recycling.onRecycleWanted(null);
      await hub.close(reason);
      await backtests.drain();
      await fleet.drain();
      await auth.close();
      await auditTrail.close();
      await store.close();
      folder.release();
    },
  };
}

/** Nothing to give back. */
const NO_FOLDER = { release: () => {} };

/** What is in the data folder from the start. */
function foldersOf({ CANDLES_DIR }: Env): string[] {
  return [
    "journal",
    EMERGENCY_FOLDER,
    ...CANDLES_DIR === "" ? ["candles"] : [],
  ];
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
  });
}

const random = createPooledRandom((words) => {
  crypto.getRandomValues(words);
});

/** A host has no page for it. */
async function offerSetup(
  auth: Services["auth"],
  { setupToken, env }: { setupToken: SetupToken; env: Env },
): Promise<string | null> {
  const isOffered = env.FLEET_ROLE !== "host" && await auth.setupNeeded();
  return isOffered ? await setupToken.ensure() : null;
}
