import * as z from "zod";
import { parameter } from "./strategies/parameter.ts";

/**
 * What trading costs in the paper market. The presets are those that every
 * agent had before they could be set, so that nothing changes where nobody
 * sets them. Definitions: docs/trading-model.md.
 */
export const costsConfigSchema = z.strictObject({
  makerFeeBp: parameter({
    label: "Fee of a resting order",
    unit: "bp",
    help: "Part of the traded value, for limit orders that waited in the book",
    min: 0,
    max: 100,
    step: 0.1,
    preset: 2,
  }),
  takerFeeBp: parameter({
    label: "Fee of an order that takes",
    unit: "bp",
    help: "Part of the traded value, for market orders and stops",
    min: 0,
    max: 100,
    step: 0.1,
    preset: 5,
  }),
  slippageBp: parameter({
    label: "Slippage",
    unit: "bp",
    help:
      "How much worse than the reference price market orders and stops fill",
    min: 0,
    max: 200,
    step: 0.1,
    preset: 2,
  }),
  latencyMs: parameter({
    label: "Latency",
    unit: "ms",
    help: "Time from the close that an order was decided on to its arrival",
    min: 0,
    max: 3_600_000,
    step: 1,
    preset: 0,
    whole: true,
  }),
  fundingBpPer8h: parameter({
    label: "Funding",
    unit: "bp per 8 hours",
    help:
      "What a long position pays and a short one receives at 00:00, 08:00 and 16:00 UTC; negative turns it round",
    min: -100,
    max: 100,
    step: 0.1,
    preset: 0,
  }),
});
export type CostsConfig = z.infer<typeof costsConfigSchema>;
