/** Alerts in memory, for tests of what works with them. */
import { type AlertsOptions, alertsOver } from "../../lib/alerts/alerts.ts";
import type { RunningAlerts } from "../../lib/alerts/port.ts";
import type { AlertSettings } from "../../lib/alerts/settings.ts";
import { createIdFactory } from "../../lib/core/ids.ts";
import type { AlertStore, AuditEntry } from "../../lib/store/port.ts";
import { testWrappingKey } from "./vault.ts";

export const WRAPPING = await testWrappingKey();

export const NO_ALERTS = {
  channels: [],
  rules: [],
  healths: [],
  deliveries: [],
  cursor: null,
};

/** Everything may be sent to hooks.example.com, Telegram and by e-mail. */
export const TEST_SETTINGS: AlertSettings = {
  hosts: ["hooks.example.com:443", "api.telegram.org:443"],
  telegram: {
    hostname: "api.telegram.org",
    port: 443,
    isEncrypted: true,
    isLoopbackAllowed: false,
  },
  mail: {
    hostname: "mail.example.com",
    port: 587,
    isEncrypted: false,
    mayBePlain: false,
    user: "",
    password: "",
    from: "fleet@example.com",
  },
  panel: "https://fleet.example",
};

/** A store that takes everything and keeps nothing: memory has it. */
export function forgetfulStore(audits: AuditEntry[] = []): AlertStore {
  return {
    load: () => Promise.resolve(NO_ALERTS),
    edit: (_, audit) => {
      audits.push(audit);
      return Promise.resolve();
    },
    commit: () => Promise.resolve(),
  };
}

/** Alerts that hear of nothing and whose messages all arrive. */
export function memoryAlerts(
  { nowMs, ...options }: { nowMs: () => number } & Partial<AlertsOptions>,
): RunningAlerts {
  let drawn = 0;
  return alertsOver({
    settings: TEST_SETTINGS,
    wrapping: WRAPPING,
    ids: createIdFactory({
      nowMs,
      random: () => (drawn = (drawn + 0.173) % 1),
    }),
    store: forgetfulStore(),
    events: {
      headSeq: () => 0,
      afterIn: (_, { seq }) =>
        Promise.resolve({ events: [], gap: false, upTo: seq }),
      watch: () => ({ close: () => {} }),
    },
    audit: {
      head: () => Promise.resolve(null),
      after: () => Promise.resolve([]),
      before: () => Promise.resolve([]),
    },
    agent: () => null,
    listener: () => Promise.resolve({ isActive: true, mayHearAll: true }),
    time: {
      nowMs,
      after: () => ({ cancel: () => {} }),
      every: () => ({ cancel: () => {} }),
    },
    random: () => 0.5,
    postman: {
      send: () => Promise.resolve({ ok: true }),
      close: () => {},
    },
    onFailing: () => {},
    onError: (what, error) => {
      throw new Error(`Cannot ${what}`, { cause: error });
    },
    ...options,
  }, NO_ALERTS);
}
