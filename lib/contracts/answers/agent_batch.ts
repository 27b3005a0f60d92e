import * as z from "zod";
import { CONTROL_ACTIONS } from "../agent.ts";
import type { BatchControlResponse, BatchResult } from "../agent_batch.ts";
import { PROBLEMS } from "../problem.ts";
import { agentViewSchema } from "./agent.ts";
import { codesOf, same } from "./parts.ts";

const batchResultSchema = z.object({
  id: z.string(),
  name: z.string().nullable(),
  outcome: z.enum(["accepted", "failed"]),
  agent: agentViewSchema.nullable(),
  code: codesOf(PROBLEMS).nullable(),
  status: z.number().nullable(),
  detail: z.string().nullable(),
});
same<BatchResult, typeof batchResultSchema>();

/** {@link BatchControlResponse} */
export const batchControlResponseSchema = z.object({
  action: z.enum(CONTROL_ACTIONS),
  accepted: z.number(),
  failed: z.number(),
  results: z.array(batchResultSchema),
});
same<BatchControlResponse, typeof batchControlResponseSchema>();
