/** How a campaign ends: everything stops, and the server drains. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import type { ChaosClient } from "./client.ts";
import type { Findings } from "./findings.ts";
import { SETTLE_DEADLINE_MS } from "./limits.ts";
import { waitUntilSettled } from "./recovery_watch.ts";
import type { SupervisedServer } from "./supervised_server.ts";

interface World {
  server: SupervisedServer;
  client: ChaosClient;
  findings: Findings;
}

/** Stops every agent, so that nothing moves any more: live ones close, others leave positions as they are. */
export async function stopAll(
  { client }: Pick<World, "client">,
): Promise<void> {
  const agents = await client.list<AgentView>("/api/agents");
  for (const { id, mode } of agents) {
    // deno-lint-ignore no-await-in-loop -- kind to the rate limit
    await client.send({
      method: "POST",
      path: `/api/agents/${id}/control`,
      body: {
        action: "stop",
        positions: mode === "live" ? "close" : "keep",
      },
      headers: { "idempotency-key": `stop-${id}` },
    });
  }
  await waitUntilSettled(client, { withinMs: SETTLE_DEADLINE_MS });
}

/** Stored trades of every agent, oldest first, by its id. */
export async function readTrades(
  { client }: Pick<World, "client">,
): Promise<Map<string, Trade[]>> {
  const trades = new Map<string, Trade[]>();
  for (const { id } of await client.list<AgentView>("/api/agents")) {
    // deno-lint-ignore no-await-in-loop -- kind to the rate limit
    const newestFirst = await client.list<Trade>(`/api/agents/${id}/trades`);
    trades.set(id, newestFirst.reverse());
  }
  return trades;
}

/** Ends the server as an operator would. */
export async function drain(
  { server, findings }: Pick<World, "server" | "findings">,
): Promise<void> {
  server.signalParent("SIGTERM");
  const { code } = await server.ended;
  if (code !== 0) findings.addLost("server", `it drained with code ${code}`);
}
