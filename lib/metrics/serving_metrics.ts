import type { DeskLatencies } from "../contracts/latency.ts";
import type { GaugeSpec } from "./gauges.ts";
import type { AlertFigures, StoreFigures, StreamFigures } from "./port.ts";

const NONE = {};

/** What the store tells. */
export const STORE_GAUGES: readonly GaugeSpec<StoreFigures>[] = [
  {
    name: "smc_store_up",
    help: "1 while the store takes reads and commits and keeps up",
    read: ({ isOk }) => [[NONE, isOk ? 1 : 0]],
  },
  {
    name: "smc_store_events_total",
    help: "Events stored so far, over all starts",
    read: ({ headSeq }) => [[NONE, headSeq]],
  },
  {
    name: "smc_store_queued",
    help: "What waits to be stored",
    labels: ["kind"],
    read: ({ queuedChanges, queuedLogLines }) => [
      [{ kind: "change" }, queuedChanges],
      [{ kind: "log" }, queuedLogLines],
    ],
  },
  {
    name: "smc_store_dropped_log_lines_total",
    help:
      "Log lines dropped since the start because the store could not keep up",
    read: ({ droppedLogLines }) => [[NONE, droppedLogLines]],
  },
  {
    name: "smc_store_call_seconds",
    help:
      "How long calls of the KV store took in the last minutes, failed attempts included",
    labels: ["call", "quantile"],
    *read({ calls }) {
      for (const call of ["read", "commit"] as const) {
        const { recent } = calls[call];
        if (recent === null) continue;
        yield [{ call, quantile: "0.5" }, recent.p50Ms / 1_000];
        yield [{ call, quantile: "0.99" }, recent.p99Ms / 1_000];
        yield [{ call, quantile: "1" }, recent.maxMs / 1_000];
      }
    },
  },
  {
    name: "smc_store_calls_total",
    help: "Calls of the KV store, failed attempts included",
    labels: ["call"],
    read: ({ calls }) => [
      [{ call: "read" }, calls.read.n],
      [{ call: "commit" }, calls.commit.n],
    ],
  },
];

/** What the streams tell. */
export const STREAM_GAUGES: readonly GaugeSpec<StreamFigures>[] = [
  {
    name: "smc_stream_clients",
    help: "Event streams and WebSockets that are open",
    read: ({ clients }) => [[NONE, clients]],
  },
  {
    name: "smc_stream_queued_bytes",
    help: "Bytes that wait for slow readers",
    read: ({ queuedBytes }) => [[NONE, queuedBytes]],
  },
  {
    name: "smc_stream_dropped_total",
    help: "Clients closed since the start because they did not read",
    read: ({ dropped }) => [[NONE, dropped]],
  },
];

/** What alerts tell. */
export const ALERT_GAUGES: readonly GaugeSpec<AlertFigures>[] = [
  {
    name: "smc_alert_messages_total",
    help:
      "Messages of alerts since the start: delivered, failed after their last attempt; alerts dropped because too many waited",
    labels: ["outcome"],
    read: ({ delivered, failed, dropped }) => [
      [{ outcome: "delivered" }, delivered],
      [{ outcome: "failed" }, failed],
      [{ outcome: "dropped" }, dropped],
    ],
  },
  {
    name: "smc_alert_waiting",
    help: "Messages of alerts that wait to go out",
    read: ({ waiting }) => [[NONE, waiting]],
  },
  {
    name: "smc_alert_channels_failing",
    help: "Alert channels that keep failing",
    read: ({ failingChannels }) => [[NONE, failingChannels]],
  },
];

const DESK_LABELS = ["desk", "stage"] as const;

/** What the order desks tell. */
export const DESK_GAUGES: readonly GaugeSpec<readonly DeskLatencies[]>[] = [
  {
    name: "smc_desk_stage_seconds",
    help:
      "How long the stages of a decision took at its desk in the last minutes",
    labels: [...DESK_LABELS, "quantile"],
    *read(desks) {
      for (const { desk, recent } of desks) {
        for (const [stage, figures] of Object.entries(recent)) {
          if (figures === null) continue;
          const at = (quantile: string) => ({ desk, stage, quantile });
          yield [at("0.5"), figures.p50Ms / 1_000];
          yield [at("0.99"), figures.p99Ms / 1_000];
          yield [at("1"), figures.maxMs / 1_000];
        }
      }
    },
  },
  {
    name: "smc_desk_stage_total",
    help: "How often a stage was passed",
    labels: DESK_LABELS,
    *read(desks) {
      for (const { desk, stages } of desks) {
        for (const [stage, figures] of Object.entries(stages)) {
          yield [{ desk, stage }, figures?.n ?? 0];
        }
      }
    },
  },
  {
    name: "smc_venue_rate_budget_free_ratio",
    help:
      "Free share of the requests that a venue allows, of the fullest way to it; 0 while it wants silence",
    labels: ["desk"],
    *read(desks) {
      for (const { desk, rateBudget } of desks) {
        if (rateBudget !== null) yield [{ desk }, rateBudget.freeShare];
      }
    },
  },
  {
    name: "smc_venue_silent",
    help: "1 while a venue has asked for silence",
    labels: ["desk"],
    *read(desks) {
      for (const { desk, rateBudget } of desks) {
        if (rateBudget === null) continue;
        yield [{ desk }, rateBudget.silentUntilMs === null ? 0 : 1];
      }
    },
  },
];
