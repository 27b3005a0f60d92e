import * as z from "zod";
import {
  type DrillAgent,
  type DrillResponse,
  type EmergencyResponse,
  type Latch,
  latchSchema,
  LEVERS,
  type StopProgress,
  type StopResponse,
  stopScopeSchema,
  type StopView,
} from "../emergency.ts";
import { same } from "./parts.ts";

/** {@link Latch}: what the desk keeps is what is shown. */
const latchViewSchema = latchSchema;
same<Latch, typeof latchViewSchema>();

/** {@link StopProgress} */
export const stopProgressSchema = z.object({
  agentId: z.string(),
  state: z.enum(["working", "done", "residue"]),
  blockedAt: z.number().nullable(),
  ordersLeft: z.number().nullable(),
  positionLeft: z.string().nullable(),
  orders: z.array(z.string()),
  error: z.string().nullable(),
});
same<StopProgress, typeof stopProgressSchema>();

/** {@link StopView} */
export const stopViewSchema = latchViewSchema.extend({
  isWorking: z.boolean(),
  progress: z.array(stopProgressSchema),
  residue: z.array(stopProgressSchema),
});
same<StopView, typeof stopViewSchema>();

/** {@link EmergencyResponse} */
export const emergencyResponseSchema = z.object({
  latches: z.array(stopViewSchema),
  released: z.array(latchViewSchema),
  fileProblem: z.string().nullable(),
  isDeskUp: z.boolean(),
});
same<EmergencyResponse, typeof emergencyResponseSchema>();

/** {@link StopResponse} */
export const stopResponseSchema = z.object({
  stop: stopViewSchema,
  isLatched: z.boolean(),
  detail: z.string(),
});
same<StopResponse, typeof stopResponseSchema>();

/** {@link DrillAgent} */
export const drillAgentSchema = z.object({
  agentId: z.string(),
  name: z.string(),
  symbol: z.string(),
  simulated: z.boolean(),
  orders: z.array(z.object({
    orderId: z.string(),
    role: z.string(),
    side: z.string(),
    price: z.string().nullable(),
    quantity: z.string(),
  })).nullable(),
  position: z.object({
    size: z.string(),
    markPrice: z.string().nullable(),
    notional: z.string().nullable(),
    slippage: z.string().nullable(),
    fee: z.string().nullable(),
  }).nullable(),
  losesProtection: z.boolean(),
  note: z.string().nullable(),
});
same<DrillAgent, typeof drillAgentSchema>();

/** {@link DrillResponse} */
export const drillResponseSchema = z.object({
  lever: z.enum(LEVERS),
  scope: stopScopeSchema,
  agents: z.array(drillAgentSchema),
  totals: z.object({
    agents: z.number(),
    agentsStopped: z.number(),
    orders: z.number().nullable(),
    positions: z.number().nullable(),
    notional: z.string().nullable(),
    slippage: z.string().nullable(),
  }),
  expectedMs: z.number().nullable(),
});
same<DrillResponse, typeof drillResponseSchema>();
