import assert from "node:assert/strict";
import { behaviorProgram } from "../../../../actors/behavior_program.ts";
import { createInlineHost } from "../../../../actors/inline_host.ts";
import { createMemoryPorts } from "../../../../actors/links.ts";
import type { ActorProgram } from "../../../../actors/program.ts";
import type { ActorMessage } from "../../../../actors/protocol.ts";
import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import { patternDetector } from "../../../../agents/mod.ts";
import type { AccountView } from "../../../../lib/contracts/account.ts";
import { type Candle, unpackCandle } from "../../../../lib/contracts/candle.ts";
import {
  type AgentToDesk,
  type FeedMessage,
  LINKS,
} from "../../../../lib/contracts/links.ts";
import { DeskAccount } from "../../../../lib/desk/account.ts";
import { CANDLE_CSV_HEADER } from "../../../../lib/exchange/candle_csv_format.ts";
import type { CandleSeries } from "../../../../lib/exchange/candle_series.ts";
import { feedProgram } from "../../../../lib/exchange/feed_program.ts";
import { runBacktest } from "../../../../lib/fleet/backtest/engine.ts";
import { behavior, simulated, testConfig } from "./setup.ts";

const WINDOW = 64;
const config = testConfig();

/** A desk that does no more than the protocol of contracts/links.ts asks of it. */
function deskProgram(onDone: (view: AccountView) => void): ActorProgram {
  return {
    start(runtime) {
      const account = DeskAccount.open({
        config: {
          agentId: "a1",
          symbol: config.symbol,
          startSeq: 0,
          pacing: "lockstep",
          risk: config.risk,
          safety: config.safety,
          seed: config.seed,
          entriesAllowed: true,
        },
      });
      const waiting: Candle[] = [];
      let lastSeq: number | null = null;
      const next = () => {
        if (account.decidedSeq === lastSeq) onDone(account.view());
        if (account.decidedSeq < account.seq) return;
        const candle = waiting.shift();
        if (candle === undefined) return;
        const { type, seq, events, equity, hasPosition, tradingState } = account
          .step(candle);
        runtime.send(LINKS.agentOf("a1"), {
          type,
          seq,
          events,
          equity,
          hasPosition,
          tradingState,
        });
      };
      return {
        linkOpened(link) {
          if (link !== LINKS.candlesOf("a1")) return;
          runtime.send(link, { type: "subscribe", fromSeq: 0 });
        },
        receive(link, message) {
          if (link === LINKS.candlesOf("a1")) {
            const batch = message as FeedMessage;
            if (batch.type === "ended") lastSeq = batch.lastSeq;
            else {
              for (let index = 0; index < batch.count; index++) {
                waiting.push(unpackCandle(batch.packed, index, batch.fromSeq));
              }
            }
          } else {
            const decided = message as AgentToDesk;
            if (decided.type === "decided") account.decide(decided);
          }
          next();
        },
      };
    },
  };
}

async function writeCsv(path: string, candles: CandleSeries): Promise<void> {
  const rows = [...candles].map((c) =>
    [c.openAt, c.open, c.high, c.low, c.close, c.volume].join(",")
  );
  await Deno.writeTextFile(path, [CANDLE_CSV_HEADER, ...rows].join("\n"));
}

/** Feed, desk and agent as actors, joined by links with credit, over one file at full speed. */
async function runLive(candlesDir: string): Promise<AccountView> {
  const clock = createSimulatedClock();
  const { promise, resolve, reject } = Promise.withResolvers<AccountView>();
  const spawn = async (program: ActorProgram, init: unknown) => {
    const host = createInlineHost({ program, clock });
    const ready = Promise.withResolvers<void>();
    host.start({
      onMessage(message) {
        const { type } = message as ActorMessage;
        if (type === "ready") ready.resolve();
        if (type === "crash") reject(new Error(JSON.stringify(message)));
      },
      onFailure: reject,
    });
    host.post({
      type: "init",
      v: 1,
      actorId: "x",
      epoch: 1,
      config: init,
      snapshot: null,
      paused: false,
    });
    await ready.promise;
    return host;
  };
  const [feed, desk, agent] = await Promise.all([
    spawn(feedProgram, {
      candlesDir,
      seed: 1,
      genesisAt: 0,
      simulationSpeed: 1,
      streams: [{
        headSeq: -1,
        stream: {
          streamId: "s",
          feed: { kind: "replay", file: "live.csv", speed: "max" },
          symbol: config.symbol,
          timeframe: config.timeframe,
        },
      }],
    }),
    spawn(deskProgram(resolve), null),
    spawn(behaviorProgram(patternDetector), {
      agentId: "a1",
      config,
      startSeq: 0,
      tradeFromSeq: 0,
    }),
  ]);
  const info = { streamId: "s", peerId: "p", peerEpoch: 1 };
  const connect = (
    [a, aLink]: readonly [typeof feed, string],
    [b, bLink]: readonly [typeof feed, string],
  ) => {
    const [first, second] = createMemoryPorts();
    const common = { type: "link_open", window: WINDOW, info } as const;
    a.post({ ...common, link: aLink, port: first });
    b.post({ ...common, link: bLink, port: second });
  };
  const candles = LINKS.candlesOf("a1");
  connect([feed, `${candles}:desk`], [desk, candles]);
  connect([feed, `${candles}:agent`], [agent, LINKS.feed]);
  connect([agent, LINKS.desk], [desk, LINKS.agentOf("a1")]);
  try {
    return await promise;
  } finally {
    for (const host of [feed, desk, agent]) host.terminate();
  }
}

Deno.test("runBacktest() has the trades hash of the live path over the same file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    // More candles than the links' windows hold, so that credit matters.
    const candles = simulated(11, 6_000);
    await writeCsv(`${folder}/live.csv`, candles);
    const live = await runLive(folder);
    const result = await runBacktest({ candles, config, behavior });
    assert(result.trades > 50, `${result.trades} trades`);
    assert.equal(live.tradesHash, result.tradesHash);
    assert.equal(live.trades, result.trades);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
