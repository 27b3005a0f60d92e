import assert from "node:assert/strict";
import { decisionEngine } from "../../../agents/decision_engine.ts";
import { type EnsembleView, viewOfDecision } from "../../../agents/mod.ts";
import { agentConfigSchema } from "../../../lib/contracts/agent_config.ts";
import { backtestRequestSchema } from "../../../lib/contracts/backtest.ts";
import type { AgentBehavior } from "../../../lib/backtest/engine.ts";
import { runBacktest } from "../../../lib/backtest/engine.ts";
import { createModelPeer } from "../../../lib/backtest/model_peer.ts";
import { withRecordedModels } from "../../../lib/backtest/model_record.ts";
import { observed } from "../../../lib/backtest/service/observed.ts";
import { serverParts } from "../../../lib/backtest/server_parts.ts";
import { recordTape } from "../../../lib/backtest/service/tape.ts";
import { executeJob } from "../../../lib/backtest/workers/job.ts";
import { pairCandles } from "../../agents/fixtures/pair_candles.ts";
import {
  testEngineConfig,
  writeTestModels,
} from "../../support/engine_config.ts";
import { RUNTIME } from "../../support/model_runtime.ts";
import { CALLER, withRig } from "./service_rig.ts";
import { auditOf } from "../store/support.ts";
import { withTempDir } from "../../support/temp.ts";
import {
  behavior,
  fixture,
  pairsConfig,
  prefixOf,
  seriesOfPairs,
} from "./setup.ts";

const COUNT = 800;

Deno.test("Tape of a decision engine has the trades, the votes and the chart of the run, without a model", () =>
  withTempDir(async (folder) => {
    await writeTestModels(folder);
    const config = agentConfigSchema.parse(
      testEngineConfig({ name: "Engine" }),
    );
    const candles = prefixOf(await fixture(), COUNT);
    const models = createModelPeer({ runtime: RUNTIME, modelDirs: [folder] });
    const { run, modelRecord } = await executeJob({
      config,
      fromSeq: 0,
      toSeq: COUNT,
      keeps: "whole",
      keepsVotes: true,
    }, { candles, models });
    assert.ok(run!.trades.length > 10 && modelRecord !== null);
    // As it comes back from the store.
    const record = JSON.parse(JSON.stringify(modelRecord));
    const again = withRecordedModels(decisionEngine as AgentBehavior, record);
    const tape = await recordTape({ candles, config, behavior: again });
    assert.deepEqual(tape.tradesUpTo(COUNT - 1, Infinity), run!.trades);

    const looked = [0, 150, 199, 200, 201, 555, COUNT - 1];
    const seen = new Map<number, unknown>();
    const watching = observed(again, ({ stepped: { seq }, agent }) => {
      if (!looked.includes(seq)) return;
      const chart = agent.inspect({
        type: "chart",
        afterSeq: Math.max(-1, seq - 300),
        limit: 300,
      });
      const ensemble = agent.inspect({ type: "ensemble" }) as EnsembleView;
      const engine = viewOfDecision(ensemble.decisions.at(-1)!);
      assert.equal(engine.seq, seq);
      seen.set(seq, structuredClone({ chart, engine }));
    });
    await runBacktest({ candles, config, behavior: watching });
    for (const seq of [...looked, ...looked.toReversed()]) {
      const { noted: _, ...look } = tape.lookAt(seq);
      assert.deepEqual(look, seen.get(seq), `candle ${seq}`);
    }
    const { votes } = tape.lookAt(555).engine!;
    assert.equal(votes.length, config.decision.models.length);
    assert.ok(votes.every(({ probabilities }) => probabilities !== null));
  }));

Deno.test("Backtests replays a run of a decision engine from the store, and says why it cannot for one without its votes", () =>
  withTempDir((folder) =>
    withRig(async (rig) => {
      await writeTestModels(folder);
      const models = createModelPeer({ runtime: RUNTIME, modelDirs: [folder] });
      const start = () =>
        rig.start(
          serverParts({ candlesDir: "/nowhere", workers: null, models }),
        );
      const service = await start();
      const request = backtestRequestSchema.parse({
        config: testEngineConfig({ name: "engine" }),
        data: { kind: "simulated", candles: 600, seed: 2 },
        lookAheadCheck: false,
        monteCarloRuns: 0,
        randomEntryRuns: 0,
      });
      const { id } = await service.submit(request, CALLER);
      const done = await rig.until(id, "done");
      const { report } = await service.get(id);
      assert.ok(report !== null);
      assert.ok(!("modelRecord" in report), "votes are no part of a report");
      const end = await service.replay(id, { seq: 599, afterSeq: -1 });
      assert.deepEqual(end.trades, report.trades);
      assert.equal(end.engine?.votes.length, 3);
      assert.equal(end.engine.seq, 599);
      // As an older version has stored it.
      const { backtests } = rig.store;
      await backtests.remove(id, null);
      await backtests.create({ ...done, state: "running" }, auditOf("test"));
      await backtests.finish(done, report);
      const again = await start();
      await assert.rejects(
        again.replay(id, { seq: 1, afterSeq: -1 }),
        /votes of the models of this run were not kept/,
      );
    })
  ));

Deno.test("Tape of pairs looks at both markets wherever it starts from", async () => {
  const candles = seriesOfPairs(pairCandles({ seed: 2, count: 900 }));
  const config = pairsConfig();
  const tape = await recordTape({ candles, config, behavior });
  const looked = [899, 450, 201, 0];
  const seen = new Map<number, unknown>();
  const watching = observed(behavior, ({ stepped: { seq }, agent }) => {
    if (!looked.includes(seq)) return;
    const query = { type: "chart", afterSeq: Math.max(-1, seq - 300) };
    seen.set(seq, structuredClone(agent.inspect({ ...query, limit: 300 })));
  });
  await runBacktest({ candles, config, behavior: watching });
  for (const seq of looked) {
    assert.deepEqual(tape.lookAt(seq).chart, seen.get(seq), `candle ${seq}`);
  }
});
