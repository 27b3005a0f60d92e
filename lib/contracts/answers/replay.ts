import * as z from "zod";
import type { ReplayStep, ReplayView } from "../replay.ts";
import { agentChartSchema } from "./chart.ts";
import { deskActionSchema, deskEventSchema, tradeSchema } from "./order.ts";
import { equityPointSchema } from "./account.ts";
import { TRADING_STATES } from "../lifecycle.ts";
import { same } from "./parts.ts";

/** {@link ReplayStep} */
export const replayStepSchema = z.object({
  seq: z.number(),
  at: z.number(),
  told: z.array(deskEventSchema),
  decided: z.array(deskActionSchema),
  answered: z.array(deskEventSchema),
});
same<ReplayStep, typeof replayStepSchema>();

/** {@link ReplayView} */
export const replayViewSchema = z.object({
  seq: z.number(),
  total: z.number(),
  chart: agentChartSchema,
  trades: z.array(tradeSchema),
  equity: z.array(equityPointSchema),
  step: replayStepSchema,
  steps: z.array(replayStepSchema),
  nextSeq: z.number().nullable(),
  previousSeq: z.number().nullable(),
  tradingState: z.enum(TRADING_STATES),
  hasPosition: z.boolean(),
});
same<ReplayView, typeof replayViewSchema>();
