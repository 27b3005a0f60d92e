import assert from "node:assert/strict";
import {
  createReadyWorkers,
  NO_PERMISSIONS,
  systemClock,
} from "../../actors/mod.ts";
import { rejection } from "./harness.ts";
import { workerTest } from "./worker_harness.ts";

function workersOf(entry: string) {
  return createReadyWorkers({
    entry: new URL(`./fixtures/${entry}_worker.ts`, import.meta.url),
    name: entry,
    permissions: NO_PERMISSIONS,
    clock: systemClock,
  });
}

workerTest(
  "createReadyWorkers() starts the second actor in a worker that was loaded before it was wanted",
  async ({ supervisor, log, start }) => {
    const workers = workersOf("loaded");
    const { createHost } = workers;
    await start("first", "loaded", { createHost });
    // A second of life, in which the next worker loads its code.
    await log.next((event) => event.type === "heartbeat");
    const wantedAt = Date.now();
    await start("second", "loaded", { createHost });
    const loadedAt = await supervisor.ask("second", null) as number;
    assert.ok(loadedAt < wantedAt, `loaded ${loadedAt - wantedAt} ms later`);
    workers.close();
  },
);

workerTest(
  "createReadyWorkers() gives workers that keep their state to themselves",
  async ({ supervisor, start }) => {
    const workers = workersOf("counter");
    const { createHost } = workers;
    await start("a", "counter", { createHost });
    await start("b", "counter", { createHost });
    await supervisor.kill("a", "drill");
    assert.equal(supervisor.status("b")?.state, "running");
    workers.close();
  },
);

workerTest(
  "createReadyWorkers() lets a start fail with its reason, the one in advance like any other",
  async ({ start }) => {
    const workers = workersOf("broken");
    const { createHost } = workers;
    const budget = { restarts: 1, windowMs: 60_000 };
    const error = await rejection(
      start("a", "broken", { createHost, budget }),
    );
    assert.match(String(error), /Cannot be loaded/);
    workers.close();
  },
);
