import { RESOURCE_MODELS } from "../../agents/resource_model.ts";

/** Head of {@link resourceRows}. */
export const RESOURCE_HEAD = [
  "agent type",
  "idle, cores",
  "CPU ms a candle",
  "messages a minute",
  "highest heap, MiB",
  "memory in all, MiB",
  "at full speed: cores, heap MiB",
];

/** What agents of each type are expected to use. */
export function resourceRows(): string[][] {
  return Object.entries(RESOURCE_MODELS).map(([type, model]) => [
    `\`${type}\``,
    String(model.idleCores),
    String(model.candleMs),
    `${model.idleMessagesPerMinute} + ${model.messagesPerCandle} × candles`,
    `${model.baseHeapMiB} + ${model.heapMiBPerCandlePerSecond} × candles/s`,
    `${model.residentMiB} + heap above ${model.baseHeapMiB}`,
    `${model.fullSpeed.cores}, ${model.fullSpeed.heapMiB}`,
  ]);
}
