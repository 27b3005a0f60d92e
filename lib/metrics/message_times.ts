import { Histogram } from "prom-client";

/** Fine around ten milliseconds, in which a signal should be handled. */
const MESSAGE_SECONDS = [
  0.0001,
  0.00025,
  0.0005,
  0.001,
  0.002,
  0.003,
  0.005,
  0.0075,
  0.01,
  0.015,
  0.02,
  0.03,
  0.05,
  0.1,
  0.25,
  0.5,
  1,
  5,
];

/** What the figure is. */
export const MESSAGE_TIMES = {
  name: "smc_message_seconds",
  help:
    "Time of a message to an agent from leaving its sender's worker to the end of its handling; one of eight is measured",
  buckets: MESSAGE_SECONDS,
};

/** How long messages to agents take, before and while somebody reads it. */
export interface MessageTimes {
  /** Takes times in milliseconds. */
  take(messageMs: readonly number[]): void;
  histogram: Histogram;
}

/** Begins to count. */
export function createMessageTimes(): MessageTimes {
  const histogram = new Histogram({ ...MESSAGE_TIMES, registers: [] });
  return {
    histogram,
    take(messageMs) {
      for (const ms of messageMs) histogram.observe(ms / 1_000);
    },
  };
}
