import type { AgentView, ControlRequest } from "../../contracts/agent.ts";
import type { BatchControlResponse } from "../../contracts/agent_batch.ts";
import type { ApiPage, Call } from "./api_client.ts";

/** Largest page that the server gives. */
const PAGE_ITEMS = 200;

/** Calls of the panel about many agents at once. */
export function fleetCalls(
  call: <T>(path: string, options?: Call) => Promise<T>,
  newKey: () => string,
) {
  return {
    /** Every agent, however many pages that takes. */
    listAgents: async (): Promise<ApiPage<AgentView>> => {
      const items: AgentView[] = [];
      let cursor: string | null = null;
      do {
        const rest: string = cursor === null ? "" : `&cursor=${cursor}`;
        const path = `/api/agents?limit=${PAGE_ITEMS}${rest}`;
        // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
        const page: ApiPage<AgentView> = await call(path);
        items.push(...page.items);
        cursor = page.nextCursor;
      } while (cursor !== null);
      return { items, nextCursor: null };
    },
    /** One command to at most `BATCH_AGENTS_MAX` agents, each with a result of its own. */
    controlBatch: (ids: readonly string[], control: ControlRequest) =>
      call<BatchControlResponse>("/api/agents/control", {
        method: "POST",
        body: { ...control, ids },
        headers: { "Idempotency-Key": newKey() },
      }),
  };
}
