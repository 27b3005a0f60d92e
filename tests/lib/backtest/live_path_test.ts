import assert from "node:assert/strict";
import { behaviorProgram } from "../../../actors/cell/behavior_program.ts";
import type { ActorHost } from "../../../actors/host.ts";
import { createInlineHost } from "../../../actors/inline_host.ts";
import { LINK_WINDOW } from "../../../actors/limits.ts";
import { createMemoryPorts } from "../../../actors/memory_ports.ts";
import type { ActorProgram } from "../../../actors/program.ts";
import {
  type ActorMessage,
  PROTOCOL_VERSION,
} from "../../../actors/protocol.ts";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../actors/simulated_clock.ts";
import { patternDetector } from "../../../agents/mod.ts";
import type {
  AccountView,
  DeskReport,
} from "../../../lib/contracts/account.ts";
import type { AgentConfig } from "../../../lib/contracts/agent_config.ts";
import { TIMEFRAME_MS } from "../../../lib/contracts/candle.ts";
import type { DeskAccountConfig } from "../../../lib/contracts/desk.ts";
import { LINKS } from "../../../lib/contracts/links.ts";
import type { FeedWorkerConfig } from "../../../lib/contracts/market.ts";
import { deskProgram } from "../../../lib/desk/program.ts";
import { CANDLE_CSV_HEADER } from "../../../lib/exchange/candle_csv_format.ts";
import {
  type CandleSeries,
  seriesFromCandles,
} from "../../../lib/exchange/candle_series.ts";
import { joinSeries } from "../../../lib/exchange/joined_series.ts";
import { pairCandles } from "../../agents/fixtures/pair_candles.ts";
import { feedProgram } from "../../../lib/exchange/feed_program.ts";
import { runBacktest } from "../../../lib/backtest/engine.ts";
import {
  behavior,
  pairsConfig,
  seriesOfPairs,
  simulated,
  testConfig,
} from "./setup.ts";

const config = testConfig();

async function writeCsv(path: string, candles: CandleSeries): Promise<void> {
  const rows = [...candles].map((c) =>
    [c.openAt, c.open, c.high, c.low, c.close, c.volume].join(",")
  );
  await Deno.writeTextFile(path, [CANDLE_CSV_HEADER, ...rows].join("\n"));
}

/** Starts a program in this isolate; `onReport` hears what it tells its owner. */
async function spawn(
  program: ActorProgram,
  options: {
    config: unknown;
    clock: SimulatedClock;
    onReport: (report: unknown) => void;
    onFailure: (error: unknown) => void;
  },
): Promise<ActorHost> {
  const { clock, onReport, onFailure } = options;
  const host = createInlineHost({ program, clock });
  const { promise, resolve } = Promise.withResolvers<void>();
  host.start({
    onMessage(message) {
      const known = message as ActorMessage;
      if (known.type === "ready") resolve();
      if (known.type === "crash") onFailure(new Error(known.error.message));
      if (known.type === "report") {
        onReport(known.report);
        host.post({ type: "report_credit", count: 1 });
      }
    },
    onFailure,
  });
  host.post({
    type: "init",
    v: PROTOCOL_VERSION,
    actorId: "x",
    epoch: 1,
    config: options.config,
    snapshot: null,
    paused: false,
  });
  await promise;
  return host;
}

function connect(
  [a, aLink]: readonly [ActorHost, string],
  [b, bLink]: readonly [ActorHost, string],
): void {
  const info = { streamId: "s", peerId: "p", peerEpoch: 1 };
  const [first, second] = createMemoryPorts();
  const common = { type: "link_open", window: LINK_WINDOW, info } as const;
  a.post({ ...common, link: aLink, port: first });
  b.post({ ...common, link: bLink, port: second });
}

const feedOf = (
  { timeframe, strategies: { pairs } }: AgentConfig,
): Omit<FeedWorkerConfig, "candlesDir"> => ({
  seed: 1,
  genesisAt: 0,
  exchangeOrigin: null,
  silence: null,
  simulationSpeed: 1,
  streams: [{
    headSeq: -1,
    stream: {
      streamId: "s",
      feed: { kind: "replay", file: "live.csv", speed: "max" },
      symbol: config.symbol,
      timeframe,
      ...(pairs.enabled
        ? { hedge: { symbol: pairs.hedgeSymbol, file: "hedge.csv" } }
        : {}),
    },
  }],
});

const deskAccount = (agent: AgentConfig): DeskAccountConfig => ({
  agentId: "a1",
  symbol: agent.symbol,
  startSeq: 0,
  pacing: "lockstep",
  risk: agent.risk,
  safety: agent.safety,
  seed: agent.seed,
  costs: agent.costs,
  candleMs: TIMEFRAME_MS[agent.timeframe],
  entriesAllowed: true,
});

/** Feed, desk and agent as actors, joined by links with credit, over one file at full speed. */
async function runLive(
  folder: string,
  { config, lastSeq }: { config: AgentConfig; lastSeq: number },
): Promise<AccountView> {
  const clock = createSimulatedClock();
  let failure: unknown = null;
  let account: AccountView | null = null;
  const common = {
    clock,
    onFailure: (error: unknown) => failure ??= error,
    onReport: (report: unknown) => {
      const known = report as DeskReport | { kind: "feed" | "agent" };
      if (known.kind === "desk") account = known.account;
    },
  };
  const hosts = await Promise.all([
    spawn(feedProgram, {
      config: { ...feedOf(config), candlesDir: folder },
      ...common,
    }),
    spawn(deskProgram, {
      config: {
        journalDir: folder,
        accounts: [{ account: deskAccount(config), storedTrades: 0 }],
        heldReason: null,
      },
      ...common,
    }),
    spawn(behaviorProgram(patternDetector), {
      config: { agentId: "a1", config, startSeq: 0, tradeFromSeq: 0 },
      ...common,
    }),
  ]);
  const [feed, desk, agent] = hosts;
  const candles = LINKS.candlesOf("a1");
  connect([feed, `${candles}:desk`], [desk, candles]);
  connect([feed, `${candles}:agent`], [agent, LINKS.feed]);
  connect([agent, LINKS.desk], [desk, LINKS.agentOf("a1")]);
  const isDone = () => (account as AccountView | null)?.seq === lastSeq;
  while (failure === null && !isDone()) {
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await clock.advance(10);
  }
  for (const host of hosts) host.terminate();
  if (failure !== null) throw failure;
  return account!;
}

/** Presets, and costs of every kind. */
const COSTS: readonly [name: string, costs: Partial<AgentConfig["costs"]>][] = [
  ["with the preset costs", {}],
  ["with funding, latency and other fees", {
    makerFeeBp: 1,
    takerFeeBp: 7,
    slippageBp: 4,
    latencyMs: 1_000_000,
    fundingBpPer8h: 3,
  }],
];

for (const [name, costs] of COSTS) {
  Deno.test(`runBacktest() has the trades hash of the live path over the same file, ${name}`, async () => {
    const folder = await Deno.makeTempDir();
    const agent = { ...config, costs: { ...config.costs, ...costs } };
    try {
      // More candles than all windows together hold, so that flow control matters.
      const candles = simulated(11, 8_000);
      await writeCsv(`${folder}/live.csv`, candles);
      const live = await runLive(folder, {
        config: agent,
        lastSeq: candles.length - 1,
      });
      const result = await runBacktest({ candles, config: agent, behavior });
      assert(result.trades > 30, `${result.trades} trades`);
      assert.equal(live.tradesHash, result.tradesHash);
      assert.equal(live.trades, result.trades);
      assert.equal(live.feesPaid, result.feesPaid);
      assert.equal(Number(live.fundingPaid) !== 0, costs.fundingBpPer8h === 3);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test("runBacktest() has the trades hash of the live path with two legs over two files that do not quite agree", async () => {
  const folder = await Deno.makeTempDir();
  const agent = pairsConfig(config);
  try {
    const candles = seriesOfPairs(pairCandles({ seed: 5, count: 4_000 }));
    await writeCsv(`${folder}/live.csv`, candles);
    // The second market lacks a candle now and then.
    const second = seriesFromCandles(
      [...candles.hedge!].filter(({ seq }) => seq % 501 !== 500),
    );
    await writeCsv(`${folder}/hedge.csv`, second);
    const joined = joinSeries(candles, second);
    assert.equal(joined.leftOut, 7);
    const live = await runLive(folder, {
      config: agent,
      lastSeq: joined.series.length - 1,
    });
    const result = await runBacktest({
      candles: joined.series,
      config: agent,
      behavior,
    });
    assert(result.trades > 20, `${result.trades} trades`);
    assert.equal(live.tradesHash, result.tradesHash);
    assert.equal(live.trades, result.trades);
    assert.equal(live.feesPaid, result.feesPaid);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
