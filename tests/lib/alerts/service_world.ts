/** Alerts over a real store and a real worker, on real time that moves faster. */
import { startAlerts } from "../../../lib/alerts/alerts.ts";
import type { RunningAlerts } from "../../../lib/alerts/port.ts";
import { createPostman, type Postman } from "../../../lib/alerts/postman.ts";
import type { Listener } from "../../../lib/alerts/reader.ts";
import type { AlertSettings } from "../../../lib/alerts/settings.ts";
import { userActor } from "../../../lib/contracts/audit.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import type { TimeSource } from "../../../lib/core/time.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import { WRAPPING } from "../../support/alerts.ts";
import { systemTime } from "../store/support.ts";
import { AGENT } from "./samples.ts";

export const CALLER = {
  userId: "usr_a",
  email: "a@example.com",
  via: "api",
} as const;

/** Seconds of alerts pass in a hundredth of them; moments are those of the wall. */
export const FAST: TimeSource = {
  nowMs: createFastClock(),
  after: (delayMs, run) => systemTime.after(delayMs / 100, run),
  every: (everyMs, run) => systemTime.every(everyMs / 100, run),
};

function createFastClock(): () => number {
  const startMs = Date.now();
  return () => startMs + (Date.now() - startMs) * 100;
}

/** What a world is made of. */
export interface AlertWorldOptions {
  path: string;
  ports: readonly number[];
  postman?: Postman;
  listener?: () => Listener;
  onFailing?: (name: string) => void;
  /** Another process over the same store sends. */
  isIdle?: boolean;
}

/** A store with alerts over it. */
export interface AlertWorld {
  store: OpenedStore;
  alerts: RunningAlerts;
  /** An agent of the person failed. */
  fail(message: string): Promise<void>;
  close(): Promise<void>;
}

/** Opens both. */
export async function openAlertWorld(
  { path, ports, postman, listener, onFailing = () => {}, isIdle = false }:
    AlertWorldOptions,
): Promise<AlertWorld> {
  const store = await openStore({ path, time: systemTime });
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  const settings: AlertSettings = {
    hosts,
    telegram: null,
    mail: null,
    panel: null,
  };
  const alerts = await startAlerts({
    settings,
    wrapping: WRAPPING,
    ids: createIdFactory({ nowMs: () => Date.now(), random: Math.random }),
    store: store.alerts,
    events: store.events,
    audit: store.auditReader,
    agent: () => ({ ownerId: "usr_a", simulated: true }),
    listener: () =>
      Promise.resolve(
        listener?.() ?? { isActive: true, mayHearAll: false },
      ),
    time: FAST,
    random: () => 0.5,
    postman: postman ?? createPostman({
      time: systemTime,
      workerUrl: new URL("../../../lib/alerts/worker.ts", import.meta.url),
      net: hosts,
    }),
    isIdle,
    onFailing: ({ name }) => onFailing(name),
    onError: () => {},
  });
  return {
    store,
    alerts,
    fail: (message) =>
      store.events.append({
        events: [{
          type: "system.event",
          agentId: AGENT,
          at: Date.now(),
          data: {
            kind: "lifecycle",
            severity: "warning",
            agentId: AGENT,
            agentName: "one",
            message,
            change: {
              id: AGENT,
              from: "running",
              to: "backing_off",
              event: "failed",
              epoch: 1,
              cause: message,
              restarts: 1,
              restartBudget: 5,
              retryAt: null,
              at: 0,
            },
          },
        }],
      }),
    async close() {
      await alerts.close();
      await store.close();
    },
  };
}

/** A webhook to a port of this machine, and a rule that sends failures there. */
export async function addHook(
  { alerts }: Pick<AlertWorld, "alerts">,
  port: number,
): Promise<{ channelId: string; signingSecret: string }> {
  const { channel, signingSecret } = await alerts.addChannel({
    kind: "webhook",
    name: "main",
    url: `http://127.0.0.1:${port}/hook?token=in-the-path`,
  }, CALLER);
  await alerts.addRule({
    classes: ["agent_failed", "factor_changed", "login_new_place"],
    leastSeverity: "info",
    channelIds: [channel.id],
    scope: "own",
    quietHours: null,
  }, CALLER);
  return { channelId: channel.id, signingSecret: signingSecret! };
}

/** An entry of the audit trail about the person. */
export function auditEntry(
  action: string,
  detail: Readonly<Record<string, unknown>> = {},
) {
  return {
    at: Date.now(),
    actor: userActor({ id: "usr_a", email: "a@example.com" }),
    via: "panel",
    action,
    target: "a@example.com",
    outcome: "ok",
    reason: "",
    detail,
  } as const;
}
