import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import type { AgentConfigInput } from "../../lib/contracts/agent_config.ts";
import { createRng } from "../../lib/core/rng.ts";
import { setUp, type TestApi } from "../support/api.ts";
import { agentConfig } from "../support/config.ts";
import { serveInProcess } from "../support/in_process.ts";
import { REPLAY_FILE, writeReplayFile } from "../support/replay_file.ts";
import { withTempDir } from "../support/temp.ts";

const CANDLES = 1_500;
const TEMPLATE = "structure-combined";

/** How fast candles come: as fast as they are decided, or so slowly that one is hit in the middle. */
type Speed = "max" | 100_000;

const STRATEGIES = {
  breakout: { enabled: true, volumeRatio: 0 },
} as const;

/** A detector that only reports and an executor that trades what it says. */
async function spawnTeam(
  api: TestApi,
  { name, speed }: { name: string; speed: Speed },
): Promise<{ detector: AgentView; executor: AgentView }> {
  const spawn = (change: Partial<AgentConfigInput> & { name: string }) =>
    api.send<AgentView>("POST", "/api/agents/spawn", {
      config: agentConfig({
        timeframe: "15m",
        feed: { kind: "replay", file: REPLAY_FILE, speed },
        strategies: STRATEGIES,
        ...change,
      }, TEMPLATE),
      acknowledgeWarnings: true,
    });
  const detector = await spawn({ name: `${name} detector`, signalsOnly: true });
  const executor = await spawn({
    name: `${name} executor`,
    type: "executor",
    // By its name, in another case.
    sources: [`${name.toUpperCase()} detector`],
    execution: { slicing: "twap", parts: 2 },
  });
  return { detector, executor };
}

function isDone({ progress, account }: AgentView): boolean {
  return progress.ended && account?.seq === CANDLES - 1;
}

Deno.test("executor trades what a detector reports, and the same when both of them and the desk die in between", async () => {
  await withTempDir(async (dir) => {
    const dataDir = `${dir}/data`;
    await writeReplayFile(dir, CANDLES);
    const server = await serveInProcess({
      dataDir,
      env: { CANDLES_DIR: dir },
    });
    try {
      const api = await setUp(server, dataDir);
      const straight = await spawnTeam(api, { name: "straight", speed: "max" });
      const expected = await api.waitForAgent(straight.executor.id, isDone);
      assert.ok(expected.account!.trades > 5, `${expected.account!.trades}`);
      const first = await api.get<AgentView>(
        `/api/agents/${straight.detector.id}`,
      );
      assert.equal(first.account?.trades, 0);

      const { executor } = await spawnTeam(api, {
        name: "mortal",
        speed: 100_000,
      });
      const seed = Math.floor(performance.now());
      const rng = createRng(seed);
      for (const after of [350, 850]) {
        // deno-lint-ignore no-await-in-loop -- one death after the other
        await api.waitForAgent(
          executor.id,
          ({ progress, observed }) =>
            progress.seq > after && observed === "running",
        );
        const dice = rng.next();
        const hosts = dice < 0.25
          ? server.hosts.desk
          : server.hosts.agent.slice(dice < 0.5 ? -1 : dice < 0.75 ? -2 : 0);
        for (const host of hosts) host.terminate();
      }
      const done = await api.waitForAgent(executor.id, isDone);
      assert.equal(
        done.account?.tradesHash,
        expected.account?.tradesHash,
        `seed ${seed}`,
      );
      assert.equal(done.account?.trades, expected.account?.trades);
    } finally {
      await server.stop();
    }
  });
});

Deno.test("executor stands still without its source and says so, and its source cannot be deleted", async () => {
  await withTempDir(async (dataDir) => {
    const server = await serveInProcess({
      dataDir,
      env: { SIMULATION_SPEED: "600" },
    });
    try {
      const api = await setUp(server, dataDir);
      const spawn = (change: Partial<AgentConfigInput> & { name: string }) =>
        api.send<AgentView>("POST", "/api/agents/spawn", {
          config: agentConfig(change, TEMPLATE),
          acknowledgeWarnings: true,
        });
      const detector = await spawn({ name: "eyes", signalsOnly: true });
      const executor = await spawn({
        name: "hands",
        type: "executor",
        sources: [detector.id],
      });
      const begun = await api.waitForAgent(
        executor.id,
        ({ progress }) => progress.seq > executor.progress.startSeq + 500,
      );
      await assert.rejects(
        api.send("DELETE", `/api/agents/${detector.id}`),
        /hands.+ listens to it/,
      );
      const control = (id: string, action: string) =>
        api.send("POST", `/api/agents/${id}/control`, { action, reason: "" });
      await control(detector.id, "stop");
      const waiting = await api.waitForAgent(
        executor.id,
        ({ waitsFor }) => /"eyes" \(stopped\)/.test(waitsFor ?? ""),
      );
      await control(detector.id, "start");
      const after = await api.waitForAgent(
        executor.id,
        ({ progress, waitsFor }) =>
          waitsFor === null && progress.seq > waiting.progress.seq,
      );
      assert.ok(after.progress.seq > begun.progress.seq);
    } finally {
      await server.stop();
    }
  });
});
