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
  let compared = 0;
  for (const { id, replay } of agents) {
    if (replay === null) continue;
    // deno-lint-ignore no-await-in-loop -- they end at the same time
    const { name, account } = await untilEnded(client, id, replay.candles);
    const expected = backtests.get(replay.name)!;
    if (account?.tradesHash === expected.tradesHash) compared++;
    else {
      const where = account?.seq === replay.candles - 1
        ? "at its end"
        : `that stands still after candle ${account?.seq} of ${replay.candles}`;
      findings.addLost(
        name,
        `a replay ${where} has ${account?.trades} trades, its backtest has ${expected.trades}, and they differ`,
      );
    }
  }
  options.onProgress(`${compared} replays equal their backtests`);
  return compared;
}

/** The agent at the end of its replay, or where it stands once it makes no way any more. */
async function untilEnded(
  client: ChaosClient,
  id: string,
  candles: number,
): Promise<AgentView> {
  let seq: number | undefined;
  let movedMs = performance.now();
  for (;;) {
    // deno-lint-ignore no-await-in-loop -- one look after the other
    await pause(200);
    // deno-lint-ignore no-await-in-loop -- as above
    const agent = await client.get<AgentView>(`/api/agents/${id}`);
    if (agent.account?.seq === candles - 1) return agent;
    if (agent.account?.seq !== seq) {
      seq = agent.account?.seq;
      movedMs = performance.now();
    } else if (performance.now() - movedMs > SETTLE_DEADLINE_MS) return agent;
  }
}
