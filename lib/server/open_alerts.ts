/** Opens alerts over the parts of a running server. */
import type { Clock } from "../../actors/mod.ts";
import { startAlerts } from "../alerts/alerts.ts";
import type { RunningAlerts } from "../alerts/port.ts";
import { createPostman } from "../alerts/postman.ts";
import type { Listener } from "../alerts/reader.ts";
import { alertSettings } from "../alerts/settings.ts";
import { workerUrl } from "../build/worker_urls.ts";
import { isAllowed } from "../contracts/policy.ts";
import type { Env } from "../core/env.ts";
import { alertNet } from "../core/env_alerts.ts";
import type { IdFactory } from "../core/ids.ts";
import type { RunningFleet } from "../fleet/fleet.ts";
import type { OpenedStore } from "../store/open_store.ts";
import type { EventDraft } from "../store/port.ts";
import type { Keyring } from "../vault/envelope.ts";
import type { Console } from "./console.ts";

/** What alerts are opened with. */
export interface OpenAlertsOptions {
  env: Env;
  root: URL;
  console: Console;
  clock: Clock;
  ids: IdFactory;
  random: () => number;
  store: OpenedStore;
  wrapping: Keyring;
  fleet: Pick<RunningFleet, "list">;
}

/** Begins to read events and to send. */
export function openAlerts(
  { env, root, console, clock, ids, random, store, wrapping, fleet }:
    OpenAlertsOptions,
): Promise<RunningAlerts> {
  const onError = (what: string, error: unknown) =>
    console.error(`Cannot ${what}`, error);
  const net = alertNet(env);
  return startAlerts({
    settings: alertSettings(env),
    // Of several processes the one that may reach the receivers has the alerts.
    isIdle: env.KV_URL !== null && net.length === 0,
    wrapping,
    ids,
    store: store.alerts,
    events: store.events,
    audit: store.auditReader,
    agent: (id) => findAgent(fleet, id),
    listener: (userId) => listenerOf(store, userId),
    time: clock,
    random,
    postman: createPostman({
      time: clock,
      workerUrl: workerUrl(root, "alerts"),
      net,
    }),
    onFailing: (channel) =>
      void failingEvent(store, channel, clock.nowMs())
        .then((event) => store.events.append({ events: [event] }))
        .catch((error) => onError("tell that alerts do not arrive", error)),
    onError,
  });
}

function findAgent(fleet: Pick<RunningFleet, "list">, id: string) {
  const agent = fleet.list().find((known) => known.id === id);
  return agent === undefined ? null : {
    ownerId: agent.owner?.id ?? null,
    simulated: agent.mode === "paper",
  };
}

async function listenerOf(
  store: OpenedStore,
  userId: string,
): Promise<Listener> {
  const user = await store.users.byId(userId);
  if (user?.status !== "active") return { isActive: false, mayHearAll: false };
  return { isActive: true, mayHearAll: isAllowed(user.role, "alerts.all") };
}

/** Told in the panel, and by other channels to who wants to hear of the server. */
async function failingEvent(
  store: OpenedStore,
  { name, ownerId }: { name: string; ownerId: string },
  at: number,
): Promise<EventDraft> {
  const owner = await store.users.byId(ownerId);
  return {
    type: "system.event",
    agentId: null,
    at,
    data: {
      kind: "host",
      severity: "warning",
      agentId: null,
      agentName: null,
      message: `Alerts of ${
        owner?.email ?? "somebody"
      } do not arrive: the channel "${name}" fails; Settings > Alerts says why`,
    },
  };
}
