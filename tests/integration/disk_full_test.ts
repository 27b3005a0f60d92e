import assert from "node:assert/strict";
import type { AgentView } from "../../lib/contracts/agent.ts";
import { setUp } from "../support/api.ts";
import { writeReplayFile } from "../support/replay_file.ts";
import { startServer } from "../support/server.ts";
import { CAN_MOUNT, fillDisk, withSmallDisk } from "../support/small_disk.ts";
import { withTempDir } from "../support/temp.ts";
import {
  assertEmergencyStopHolds,
  assertNothingLost,
  CANDLES,
  checkFailure,
  type FailingDiskWorld,
  populate,
} from "./failing_disk.ts";

Deno.test({
  name:
    `server whose disk is full tells it, takes no new risk, stops what is to stop, and goes on without a loss${
      CAN_MOUNT ? "" : " (skipped: needs root to mount a tmpfs)"
    }`,
  ignore: !CAN_MOUNT,
  fn: () =>
    withSmallDisk(async ({ path }) => {
      await withTempDir(async (candlesDir) => {
        await writeReplayFile(candlesDir, CANDLES);
        const server = await startServer({
          dataDir: path,
          candlesDir,
          env: { SIMULATION_SPEED: "600" },
        });
        try {
          const api = await setUp(server, path);
          const world = await populate({ api, server, candlesDir });
          await checkFailure(world, {
            breakDisk: () => fillDisk(path),
            remedy: /free (disk )?space/i,
          });
          await Deno.remove(`${path}/filler`);
          await assertWentOn(world);
        } finally {
          assert.equal(await server.stop(), 0, server.output());
        }
      });
    }),
});

async function assertWentOn(world: FailingDiskWorld): Promise<void> {
  const { api, stoppedId } = world;
  await assertNothingLost(world);
  await assertEmergencyStopHolds(world);
  const stopped = await api.get<AgentView>(`/api/agents/${stoppedId}`);
  assert.equal(stopped.observed, "stopped");
  const lines = await api.get<{ items: { message: string }[] }>(
    "/api/agents/logs?category=system&limit=200",
  );
  assert.ok(
    lines.items.some(({ message }) => /took writes again/.test(message)),
    "the log tells of the failure and its end",
  );
}
