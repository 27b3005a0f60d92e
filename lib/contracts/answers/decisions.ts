import * as z from "zod";
import type {
  DecisionsResponse,
  EngineDecisionView,
  ModelVote,
} from "../decisions.ts";
import { decisionViewSchema } from "./chart.ts";
import { same } from "./parts.ts";

/** {@link ModelVote} */
export const modelVoteSchema = z.object({
  model: z.string(),
  probabilities: z.object({
    down: z.number(),
    flat: z.number(),
    up: z.number(),
  }).nullable(),
  failure: z.string().nullable(),
});
same<ModelVote, typeof modelVoteSchema>();

/** {@link EngineDecisionView} */
export const engineDecisionSchema = z.object({
  seq: z.number(),
  at: z.number(),
  outcome: z.enum(["entry", "signal", "abstained", "skipped"]),
  bias: z.union([z.literal(1), z.literal(-1)]).nullable(),
  confidence: z.number().nullable(),
  disagreement: z.number().nullable(),
  expectedMovePct: z.number().nullable(),
  votes: z.array(modelVoteSchema),
  reason: z.string().nullable(),
  unusual: z.array(z.object({ feature: z.string(), z: z.number() })),
});
same<EngineDecisionView, typeof engineDecisionSchema>();

/** {@link DecisionsResponse} */
export const decisionsResponseSchema = z.object({
  agentId: z.string(),
  decisions: z.array(decisionViewSchema),
  engine: z.array(engineDecisionSchema).nullable(),
});
same<DecisionsResponse, typeof decisionsResponseSchema>();
