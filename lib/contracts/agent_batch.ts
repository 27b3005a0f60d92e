import * as z from "zod";
import { type AgentView, CONTROL_ACTIONS } from "./agent.ts";
import { AGENT_TYPES } from "./agent_config.ts";
import { OBSERVED_STATES } from "./lifecycle.ts";
import { BATCH_AGENTS_MAX } from "./batch_size.ts";
import type { ProblemCode } from "./problem.ts";

export { BATCH_AGENTS_MAX };

const filterSchema = z.strictObject({
  state: z.array(z.enum(OBSERVED_STATES)).min(1).optional(),
  mode: z.enum(["paper", "live"]).optional(),
  symbol: z.string().max(30).transform((text) =>
    text.toUpperCase().replace("/", "")
  ).optional(),
  type: z.enum(AGENT_TYPES).optional(),
}).refine(
  (filter) => Object.values(filter).some((value) => value !== undefined),
  "Name at least one of state, mode, symbol and type",
);
export type BatchFilter = z.infer<typeof filterSchema>;

/** `POST /api/agents/control`: one action for many agents, named or filtered. */
export const batchControlSchema = z.strictObject({
  action: z.enum(CONTROL_ACTIONS, {
    error: `Choose an action: ${CONTROL_ACTIONS.join(", ")}`,
  }),
  reason: z.string().trim().max(200).default(""),
  /** For stop: what happens to open positions. */
  positions: z.enum(["close", "keep"]).default("close"),
  ids: z.array(
    z.string().regex(
      /^agt_[0-9A-Z]{26}$/,
      "Give an agent id such as agt_01JA0000000000000000000000",
    ),
  ).min(1, "Name at least one agent").max(
    BATCH_AGENTS_MAX,
    `Name at most ${BATCH_AGENTS_MAX} agents`,
  ).optional(),
  filter: filterSchema.optional(),
}).refine(
  ({ ids, filter }) => (ids === undefined) !== (filter === undefined),
  "Give either ids or a filter",
);
export type BatchControlRequest = z.infer<typeof batchControlSchema>;

/** What became of one agent of a batch. */
export interface BatchResult {
  id: string;
  /** Null where there is no such agent. */
  name: string | null;
  outcome: "accepted" | "failed";
  /** The agent as it is now; null where it failed. */
  agent: AgentView | null;
  /** Of what failed: as in the problem of a single command. */
  code: ProblemCode | null;
  status: number | null;
  detail: string | null;
}

/** Answer to a batch: it was carried out agent by agent, in this order. */
export interface BatchControlResponse {
  action: BatchControlRequest["action"];
  accepted: number;
  failed: number;
  results: readonly BatchResult[];
}
