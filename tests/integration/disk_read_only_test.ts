import assert from "node:assert/strict";
import { logIn, setUp } from "../support/api.ts";
import {
  type BreakableDisk,
  CAN_BREAK_DISKS,
  withBreakableDisk,
} from "../support/breakable_disk.ts";
import { writeReplayFile } from "../support/replay_file.ts";
import { startServer, type TestServer } from "../support/server.ts";
import { withTempDir } from "../support/temp.ts";
import {
  assertNothingLost,
  CANDLES,
  checkFailure,
  type FailingDiskWorld,
  populate,
} from "./failing_disk.ts";

/** Ends with the disk read-only and the server still at work. */
async function loseDisk({ disk, server, candlesDir }: {
  disk: BreakableDisk;
  server: TestServer;
  candlesDir: string;
}): Promise<FailingDiskWorld> {
  const api = await setUp(server, disk.path);
  const world = await populate({ api, server, candlesDir });
  await checkFailure(world, {
    breakDisk: () => disk.turnReadOnly(),
    // Of the journal or of the store, whichever is found first.
    remedy: /make (the file system|it) writable again/,
  });
  return world;
}

Deno.test({
  name:
    `server whose disk turns read-only tells it, takes no new risk, stops what is to stop, and loses nothing when it starts on the mended disk${
      CAN_BREAK_DISKS ? "" : " (skipped: needs root, loop devices and ext4)"
    }`,
  ignore: !CAN_BREAK_DISKS,
  fn: () =>
    withBreakableDisk(async (disk) => {
      await withTempDir(async (candlesDir) => {
        await writeReplayFile(candlesDir, CANDLES);
        const options = {
          dataDir: disk.path,
          candlesDir,
          env: { SIMULATION_SPEED: "600" },
        };
        const first = await startServer(options);
        const world = await loseDisk({ disk, server: first, candlesDir })
          .finally(() => first.kill());
        await disk.mend();
        const second = await startServer(options);
        try {
          await assertNothingLost({ ...world, api: await logIn(second) });
        } finally {
          assert.equal(await second.stop(), 0, second.output());
        }
      });
    }),
});
