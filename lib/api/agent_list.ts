import * as z from "zod";
import { cursors } from "../contracts/cursor.ts";
import type { AgentView } from "../contracts/agent.ts";
import { OBSERVED_STATES } from "../contracts/lifecycle.ts";
import { agentViewSchema } from "../contracts/answers/agent.ts";
import type { ListResponse } from "./client.ts";
import { limitSchema } from "./input.ts";

const FIELDS: readonly string[] = Object.keys(agentViewSchema.shape);

/** An agent of a list: all of it, or the id and what was asked for. */
export type ListedAgent = Pick<AgentView, "id"> & Partial<AgentView>;

/** Query of `GET /api/agents`. */
export const agentListSchema = z.strictObject({
  /** Comma-separated observed states. */
  state: z.string().optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const states = text.split(",");
    const wrong = states.find((state) =>
      !(OBSERVED_STATES as readonly string[]).includes(state)
    );
    if (wrong === undefined) return states;
    context.addIssue({
      code: "custom",
      message: `Unknown state "${wrong}": choose from ${
        OBSERVED_STATES.join(", ")
      }`,
    });
    return z.NEVER;
  }),
  mode: z.enum(["paper", "live"], { error: "Choose a mode: paper or live" })
    .optional(),
  symbol: z.string().max(30).transform((text) =>
    text.toUpperCase().replace("/", "")
  ).optional(),
  q: z.string().max(200).optional(),
  /** Comma-separated names of what is wanted of each agent; all of it where it is left out. */
  fields: z.string().max(1_000).optional().transform((text, context) => {
    if (text === undefined) return undefined;
    const names = text.split(",");
    const wrong = names.find((name) => !FIELDS.includes(name));
    if (wrong === undefined) return names as (keyof AgentView)[];
    context.addIssue({
      code: "custom",
      message: `Unknown field "${wrong.slice(0, 60)}": choose from ${
        FIELDS.join(", ")
      }`,
    });
    return z.NEVER;
  }),
  limit: limitSchema,
  cursor: cursors.agents.schema.optional(),
});
export type AgentListQuery = z.infer<typeof agentListSchema>;

/** One page of the agents that match, newest first. */
export function listAgents(
  all: readonly AgentView[],
  query: AgentListQuery,
): ListResponse<ListedAgent> {
  const { cursor } = query;
  // Ids sort by the time of their making: newest first, and a page stays
  // where it is whatever comes or goes.
  const rest = all.filter((agent) => matches(agent, query))
    .filter((agent) => cursor === undefined || agent.id < cursor)
    .sort((a, b) => a.id < b.id ? 1 : -1);
  const items = rest.slice(0, query.limit);
  const last = items.at(-1);
  const { fields } = query;
  const hasMore = rest.length > items.length && last !== undefined;
  return cursors.agents.page<ListedAgent>({
    items: fields === undefined
      ? items
      : items.map((agent) => partOf(agent, fields)),
    nextCursor: hasMore ? last.id : null,
  });
}

function partOf(
  agent: AgentView,
  fields: readonly (keyof AgentView)[],
): ListedAgent {
  const part: Record<string, unknown> = { id: agent.id };
  for (const name of fields) part[name] = agent[name];
  return part as unknown as ListedAgent;
}

function matches(agent: AgentView, query: AgentListQuery): boolean {
  const { state, mode, symbol, q } = query;
  if (state !== undefined && !state.includes(agent.observed)) return false;
  if (mode !== undefined && agent.mode !== mode) return false;
  if (symbol !== undefined && agent.symbol.replace("/", "") !== symbol) {
    return false;
  }
  if (q === undefined) return true;
  return [agent.name, agent.id, agent.symbol, agent.type]
    .some((text) => text.toLowerCase().includes(q.toLowerCase()));
}
