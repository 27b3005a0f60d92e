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
import { createLiveHub } from "../live/hub.ts";
import { openAuditTrail } from "./audit_trail.ts";
import { openIdentity } from "./open_identity.ts";
import type { OpenedStore } from "../store/open_store.ts";
import { createMessageTimes } from "../metrics/message_times.ts";
import { EMERGENCY_FOLDER } from "../contracts/emergency_desk.ts";
import { openDataFolder } from "./data_folder.ts";
import { openVault } from "./open_vault.ts";
import type { Console } from "./console.ts";
import { countCommands } from "./count_commands.ts";
import { createRecycling } from "./recycling.ts";
import { createServices } from "./services.ts";
import { openSharedParts } from "./open_shared.ts";
import { hasFolder } from "./data_paths.ts";
import { createStoredSetupToken } from "./stored_setup_token.ts";
import { openTrading } from "./open_trading.ts";
import { watchServer } from "./watches.ts";
import { openAlerts } from "./open_alerts.ts";

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
  const folder = await openFolder(env);
  const { store, wrapping } = await openVault({ env, time: clock, console });
  options.onStore?.(store);
  const auditTrail = await openAuditTrail(options, { store, clock });
  const hub = createLiveHub({ events: store.events, time: clock });
  const setupToken = setupTokenOf(env, store);
  const auth = await openIdentity(options, {
    store,
    clock,
    setupToken,
    wrapping,
    onEnded: (userId) => hub.recheck(userId),
  });
  const recycling = createRecycling({ clock, console, onRecycle });
  const own = { clock, ids, store };
  const messageTimes = createMessageTimes();
  const { fleet, exchangeKeys, hostId } = await openTrading(options, {
    ...own,
    onMessageTimes: messageTimes.take,
    random,
    hub,
    wrapping,
    onRecycleWanted: recycling.onRecycleWanted,
  });
  const { backtests, memory } = await openSharedParts(options, {
    parts: { ...own, hub, fleet, exchangeKeys },
    hostId,
  });
  const sealing = { ...options, ...own, random, wrapping };
  const alerts = await openAlerts({ ...sealing, fleet });
  const state = { isDraining: false };
  const parts = { store, hub, fleet, auditTrail, alerts };
  const watches = watchServer({ ...parts, messageTimes, clock, state, env });
  const services = createServices(
    { ...parts, ...watches, backtests, exchangeKeys },
    { ...own, env, auth, state, console },
  );
  const counted = countCommands(services.api);
  recycling.isQuiet = () => counted.underWay() === 0 && fleet.isQuiet();
  return {
    services: { ...services, api: counted.api },
    setupToken: await offerSetup(auth, { setupToken, env }),
    async drain(reason) {
      state.isDraining = true;
      watches.close();
      recycling.onRecycleWanted(null);
      await hub.close(reason);
      await endAll([memory, backtests, fleet, alerts, auth, auditTrail, store]);
      folder.release();
    },
  };
}

/** Nothing to give back where there is no folder. */
async function openFolder(env: Env): Promise<{ release(): void }> {
  return hasFolder(env)
    ? await openDataFolder(env.DATA_DIR, foldersOf(env))
    : { release: () => {} };
}

function setupTokenOf(
  env: Env,
  { secrets }: Pick<OpenedStore, "secrets">,
): Parameters<typeof offerSetup>[1]["setupToken"] {
  return hasFolder(env)
    ? createSetupTokenFile(env.DATA_DIR)
    : createStoredSetupToken(secrets);
}

/** What is in the data folder from the start. */
function foldersOf({ CANDLES_DIR }: Env): string[] {
  return [
    "journal",
    EMERGENCY_FOLDER,
    ...CANDLES_DIR === "" ? ["candles"] : [],
  ];
}

/** Ends one part after the other. */
async function endAll(
  parts: readonly (
    { drain(): Promise<void> } | { close(): Promise<void> } | null
  )[],
): Promise<void> {
  for (const part of parts) {
    if (part === null) continue;
    // deno-lint-ignore no-await-in-loop -- each works with those behind it
    await ("drain" in part ? part.drain() : part.close());
  }
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
