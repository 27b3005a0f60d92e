import assert from "node:assert/strict";
import { LINK_WINDOW } from "../../actors/limits.ts";
import type { FloodProgress } from "./fixtures/flood_worker.ts";
import { workerTest } from "./worker_harness.ts";

const TICKS = 50_000;
const KEYS = 100;

workerTest(
  "a flood of ticks to a slow worker is conflated to the latest of each key, in bounded queues, and nothing goes uncounted",
  async ({ supervisor, log, start }) => {
    await start("feed", "flood");
    await start("slow", "flood");
    supervisor.connect({
      from: "feed",
      to: "slow",
      fromLink: "out",
      toLink: "in",
    });
    const progress = () =>
      supervisor.ask("slow", null) as Promise<FloodProgress>;
    await supervisor.ask("feed", { ticks: TICKS, keys: KEYS, batch: 5_000 }, {
      deadlineMs: 30_000,
    });
    let taken = await progress();
    while (taken.completeKeys < KEYS) {
      // deno-lint-ignore no-await-in-loop -- asks until the last tick is there
      taken = await progress();
    }
    await log.next((event) =>
      event.type === "heartbeat" && event.id === "feed"
    );
    const { conflated, dropped } = supervisor.status("feed")!.heartbeat!;
    assert.equal(taken.processed + conflated, TICKS);
    assert.ok(conflated > TICKS / 2, `${conflated} conflated`);
    assert.equal(dropped, 0);
    assert.equal(taken.disordered, 0);
    for (const { id, heartbeat } of log.of("heartbeat")) {
      assert.ok(heartbeat.outboxDepth <= KEYS, `${id} lets too much wait`);
      assert.ok(heartbeat.mailboxDepth <= LINK_WINDOW, `${id} holds too much`);
    }
    assert.deepEqual(log.states("slow"), [
      "starting",
      "reconciling",
      "running",
    ]);
  },
);
