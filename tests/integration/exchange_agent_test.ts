import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { logIn, setUp } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { startServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import { closeMinute } from "../venue/engine/market_moves.ts";
import { startFakeVenue } from "../venue/venue.ts";

const FEED = { kind: "exchange", exchange: "binance", market: "spot" } as const;

Deno.test("agent on paper follows an exchange's market over a real server, is told when nothing comes, and goes on after a kill", () =>
  withTempDir(async (dataDir) => {
    const venue = startFakeVenue({ seed: 5 });
    const env = {
      EXCHANGES: "none",
      EXCHANGE_ENDPOINTS: `binance=${venue.url}`,
    };
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
      const decides = async (minutes: number, from: AgentView) => {
        await venue.streams.whenCandlesAreHeard();
        let now = from;
        for (let minute = 0; minute < minutes; minute++) {
          closeMinute(venue.state);
          // One after the other, as a market closes them.
          // deno-lint-ignore no-await-in-loop -- as above
          now = await api.waitForAgent(
            id,
            ({ progress }) => progress.seq >= from.progress.seq + minute,
          );
        }
        return now;
      };
      const before = await decides(5, started);
      assert.equal(before.account?.marketAt !== null, true);

      venue.state.faults.isInMaintenance = true;
      venue.streams.cut("all");
      const stale = await api.waitForAgent(
        id,
        ({ feedProblem }) => feedProblem !== null,
      );
      assert.match(stale.feedProblem!, /binance/);
      venue.state.faults.clear();
      await api.waitForAgent(id, ({ feedProblem }) => feedProblem === null);
      const after = await decides(5, before);

      await server.kill();
      for (let minute = 0; minute < 20; minute++) closeMinute(venue.state);
      server = await startServer({ dataDir, env, port: server.port });
      api = await logIn(server);
      const back = await api.waitForAgent(
        id,
        ({ observed, progress }) =>
          observed === "running" && progress.seq >= after.progress.seq + 19,
      );
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
