import type { AgentView, ControlAction } from "../contracts/agent.ts";
import type {
  BatchControlResponse,
  BatchResult,
} from "../contracts/agent_batch.ts";
import { type Problem, PROBLEMS } from "../contracts/problem.ts";
import type { RequestOptions } from "./api_sender.ts";

/** What became of one of several agents; the problem is null where it has taken the command. */
export interface ManyResult {
  result: BatchResult;
  problem: Problem | null;
}

/** Calls that command agents. */
export interface ControlCalls {
  control(
    id: string,
    request: { action: ControlAction; reason: string; positions?: string },
  ): Promise<AgentView>;
  /** Says that an order without an answer is not at the venue. */
  settleOrder(id: string, orderId: string, reason: string): Promise<AgentView>;
  /** One command for up to 50 agents; what became of each. */
  controlMany(
    request: {
      action: ControlAction;
      reason: string;
      positions?: string;
      ids: readonly string[];
    },
  ): Promise<readonly ManyResult[]>;
}

/** Makes them. */
export function controlCalls({ send, command, uuid }: {
  send: (
    method: string,
    path: string,
    more?: RequestOptions,
  ) => Promise<Response>;
  command: <T>(path: string, body: unknown) => Promise<T>;
  uuid: () => string;
}): ControlCalls {
  return {
    control: (id, request) => command(`/agents/${id}/control`, request),
    settleOrder: (id, orderId, reason) =>
      command(`/agents/${id}/orders/${encodeURIComponent(orderId)}/absent`, {
        reason,
      }),
    controlMany: async (request) => {
      const response = await send("POST", "/agents/control", {
        body: request,
        headers: { "idempotency-key": uuid() },
      });
      const { results }: BatchControlResponse = await response.json();
      const instance = response.headers.get("x-request-id") ?? "";
      return results.map((result) => ({
        result,
        problem: problemOf(result, instance),
      }));
    },
  };
}

/** The refusal of one of several, as if it had been asked for alone. */
function problemOf(
  { code, status, detail }: BatchResult,
  instance: string,
): Problem | null {
  if (code === null) return null;
  const known = PROBLEMS[code] as { title: string; status: number } | undefined;
  return {
    type: "about:blank",
    title: known?.title ?? code,
    status: status ?? known?.status ?? 500,
    detail: detail ?? "",
    instance,
    code,
  };
}
