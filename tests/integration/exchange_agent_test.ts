import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { logIn, setUp } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { ManualClock } from "../venue/clock.ts";
import { closeMinute } from "../venue/engine/market_moves.ts";
import { startFakeVenue } from "../venue/venue.ts";

const MINUTE_MS = 60_000;
const FEED = { kind: "exchange", exchange: "binance", market: "spot" } as const;

Deno.test("agent on paper follows an exchange's market over a real server, is told when nothing comes, and goes on after a kill", () =>
  withTempDir(async (dataDir) => {
    // Its time moves with its candles: were it the real one, the first could be
    // over by the clock before it is told, and would stand flat.
    const clock = new ManualClock(
      Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS,
    );
    const venue = startFakeVenue({ seed: 5, clock });
    const minutesPass = (count: number) => {
      for (let minute = 0; minute < count; minute++) {
        clock.advance(MINUTE_MS);
        closeMinute(venue.state);
      }
    };
    const env = {
      EXCHANGES: "none",
      EXCHANGE_ENDPOINTS: `binance=${venue.url}`,
    };
    const series = venue.state.seriesOf("spot", "BTCUSDT");
    /** The last one told is open until a next one begins. */
    const lastClosedAt = () => series.minute(series.count - 2).openAt;
    let server = await startServer({ dataDir, env });
    try {
      let api = await setUp(server, dataDir);
      const spawn = (change: Record<string, unknown>) =>
        api.send<AgentView>("POST", "/api/agents/spawn", {
          config: {
            ...agentConfig({ name: "live-prices" }),
            symbol: "BTC/USDT",
            timeframe: "1m",
            feed: FEED,
            ...change,
          },
          acknowledgeWarnings: true,
        });
      await assert.rejects(
        spawn({ feed: { ...FEED, exchange: "kraken" } }),
        /reaches no exchange; name some in EXCHANGES/,
      );
      await assert.rejects(
        spawn({ symbol: "NOPE/USDT" }),
        /no spot market NOPE\/USDT.*"pointer":"\/config\/symbol"/,
      );
      const { id, livePrices } = await spawn({});
      assert.equal(livePrices, false, "a test venue is no live market");
      const started = await api.waitForAgent(
        id,
        ({ observed, progress }) => observed === "running" && progress.seq > 0,
      );
      const decidesOnAll = () =>
        api.waitForAgent(
          id,
          ({ observed, account }) =>
            observed === "running" &&
            (account?.marketAt ?? 0) >= lastClosedAt(),
        );
      await venue.streams.whenCandlesAreHeard();
      minutesPass(5);
      await decidesOnAll();

      venue.state.faults.isInMaintenance = true;
      venue.streams.cut("all");
      const stale = await api.waitForAgent(
        id,
        ({ feedProblem }) => feedProblem !== null,
      );
      assert.match(stale.feedProblem!, /binance/);
      venue.state.faults.clear();
      await api.waitForAgent(id, ({ feedProblem }) => feedProblem === null);
      await venue.streams.whenCandlesAreHeard();
      minutesPass(5);
      await decidesOnAll();

      await server.kill();
      minutesPass(20);
      server = await startServer({ dataDir, env, port: server.port });
      api = await logIn(server);
      const back = await decidesOnAll();
      await api.send("POST", `/api/agents/${id}/control`, {
        action: "stop",
        positions: "close",
        reason: "The test is over",
      });
      const stopped = await api.waitForAgent(
        id,
        ({ observed }) => observed === "stopped",
      );
      assert.equal(stopped.account?.openOrders.length, 0);
      assert(back.progress.startSeq === started.progress.startSeq);
    } finally {
      await server.stop();
      await venue.stop();
    }
  }));
