import * as z from "zod";
import type { ReplayNote, ReplayStep, ReplayView } from "../replay.ts";
import { agentChartSchema } from "./chart.ts";
import { deskActionSchema, deskEventSchema, tradeSchema } from "./order.ts";
import { equityPointSchema } from "./account.ts";
import { TRADING_STATES } from "../lifecycle.ts";
import { engineDecisionSchema } from "./decisions.ts";
import { LOG_LEVELS } from "../log_terms.ts";
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

/** {@link ReplayNote} */
export const replayNoteSchema = z.object({
  level: z.enum(LOG_LEVELS),
  message: z.string(),
});
same<ReplayNote, typeof replayNoteSchema>();

/** {@link ReplayView} */
export const replayViewSchema = z.object({
  seq: z.number(),
  total: z.number(),
  chart: agentChartSchema,
  noted: z.array(replayNoteSchema),
  engine: engineDecisionSchema.nullable(),
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
