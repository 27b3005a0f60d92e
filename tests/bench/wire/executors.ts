/** Executors in their real workers, with markets and a source in one more, at the desk of the fake venue. */
import {
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
} from "../../../actors/mod.ts";
import type { AgentWorkerConfig } from "../../../lib/contracts/agent.ts";
import { LINKS } from "../../../lib/contracts/links.ts";
import { agentConfig } from "../../agents/fixtures/agent_run.ts";
import type { MarketConfig } from "./market_worker.ts";
import {
  AGENTS,
  type BenchAgent,
  createBenchSupervisor,
  DESK,
  PRICE,
  startDesk,
} from "./setup.ts";

/** Id of the worker of markets and source. */
export const MARKET = "market";

/** As many as two cores run beside desk, market and venue. */
export const EXECUTORS: readonly BenchAgent[] = AGENTS.slice(0, 4);

/** Starts market, desk and executors, and joins them. */
export async function startExecutors(
  folder: string,
  venueUrl: string,
): Promise<Supervisor> {
  const supervisor = createBenchSupervisor();
  await startDesk(supervisor, { folder, venueUrl, agents: EXECUTORS });
  const market: MarketConfig = { agents: EXECUTORS, price: PRICE };
  await supervisor.start({
    id: MARKET,
    kind: "agent",
    createHost: () =>
      createWorkerHost({
        entry: new URL("market_worker.ts", import.meta.url),
        name: MARKET,
        permissions: NO_PERMISSIONS,
      }),
    loadInit: () => Promise.resolve({ config: market, snapshot: null }),
    restart: "permanent",
  });
  for (const agent of EXECUTORS) {
    // deno-lint-ignore no-await-in-loop -- once, before anything is measured
    await startExecutor(supervisor, agent);
    connect(supervisor, agent.agentId);
  }
  return supervisor;
}

async function startExecutor(
  supervisor: Supervisor,
  { agentId, symbol }: BenchAgent,
): Promise<void> {
  const preset = agentConfig();
  const config: AgentWorkerConfig = {
    agentId,
    startSeq: 0,
    tradeFromSeq: 0,
    config: agentConfig({
      risk: { ...preset.risk, riskPerTradePct: 3 },
      name: agentId,
      type: "executor",
      symbol,
      feed: { kind: "exchange", exchange: "binance", market: "swap" },
      sources: [MARKET],
      execution: { breakerFailures: 0 },
    }),
  };
  await supervisor.start({
    id: agentId,
    kind: "agent",
    createHost: () =>
      createWorkerHost({
        entry: new URL("../../../agents/worker.ts", import.meta.url),
        name: agentId,
        permissions: NO_PERMISSIONS,
      }),
    loadInit: () => Promise.resolve({ config, snapshot: null }),
    restart: "permanent",
  });
}

function connect(supervisor: Supervisor, agentId: string): void {
  supervisor.connect({
    from: MARKET,
    fromLink: `c:${agentId}`,
    to: DESK,
    toLink: LINKS.candlesOf(agentId),
  });
  supervisor.connect({
    from: agentId,
    fromLink: LINKS.desk,
    to: DESK,
    toLink: LINKS.agentOf(agentId),
  });
  supervisor.connect({
    from: MARKET,
    fromLink: `f:${agentId}`,
    to: agentId,
    toLink: LINKS.feed,
  });
  supervisor.connect({
    from: agentId,
    fromLink: LINKS.sourceOf(MARKET),
    to: MARKET,
    toLink: LINKS.listenerOf(agentId),
  });
}
