/** Waits for the replays of a campaign and compares them with their backtests. */
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { BacktestSummary } from "./backtests.ts";
import { type ChaosClient, pause } from "./client.ts";
import type { Findings } from "./findings.ts";
import { SETTLE_DEADLINE_MS } from "./limits.ts";
import type { PlannedAgent } from "./plan.ts";

/** What is needed of a campaign. */
export interface ReplayWorld {
  agents: readonly (PlannedAgent & { id: string })[];
  client: ChaosClient;
  findings: Findings;
  options: { onProgress(line: string): void };
}

/** Every replay that nobody disturbed ends with the trades of its backtest. */
export async function compareReplays(
  { agents, client, findings, options }: ReplayWorld,
  backtests: ReadonlyMap<string, BacktestSummary>,
): Promise<number> {
  const givenUpAt = performance.now() + SETTLE_DEADLINE_MS;
  let compared = 0;
  for (const { id, replay } of agents) {
    if (replay === null) continue;
    let agent: AgentView;
    do {
      // deno-lint-ignore no-await-in-loop -- one look after the other
      await pause(200);
      // deno-lint-ignore no-await-in-loop -- as above
      agent = await client.get<AgentView>(`/api/agents/${id}`);
    } while (
      agent.account?.seq !== replay.candles - 1 &&
      performance.now() < givenUpAt
    );
    const expected = backtests.get(replay.name)!;
    if (agent.account?.tradesHash === expected.tradesHash) compared++;
    else {
      findings.addLost(
        agent.name,
        `after candle ${agent.account?.seq} of ${replay.candles} it has ${agent.account?.trades} trades, the backtest has ${expected.trades}, and they differ`,
      );
    }
  }
  options.onProgress(`${compared} replays equal their backtests`);
  return compared;
}
