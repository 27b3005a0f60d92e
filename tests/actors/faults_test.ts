/**
 * What a real worker can do to its supervisor. How long it takes until it runs
 * again is shown exactly on a simulated clock (supervisor_silence_test.ts) and
 * measured by the benchmark `actors.hang_found`.
 *
 * @module
 */
import assert from "node:assert/strict";
import { RESTART_BACKOFF } from "../../actors/limits.ts";
import { rejection } from "./harness.ts";
import { workerTest } from "./worker_harness.ts";

const MIB = 1_048_576;
const SOFT_HEAP_MIB = 32;

for (const type of ["throw_later", "reject_later"]) {
  workerTest(
    `a worker that fails (${type}) backs off after it and runs again, and its siblings do not notice`,
    async ({ supervisor, log, start }) => {
      await start("a", "counter");
      await start("b", "counter");
      const back = log.nextState("a", "backing_off")
        .then(() => log.nextState("a", "running"));
      await supervisor.ask("a", { type }).catch(() => {});
      await back;
      assert.deepEqual(log.states("a").slice(3), [
        "backing_off",
        "starting",
        "reconciling",
        "running",
      ]);
      const failed = log.changes("a")[3]!;
      // The change is stamped after the retry was planned.
      const waitMs = failed.retryAt! - failed.at;
      assert(waitMs > 0 && waitMs <= RESTART_BACKOFF.minMs, String(waitMs));
      assert.equal(await supervisor.ask("b", { type: "total" }), 0);
      assert.deepEqual(log.states("b"), ["starting", "reconciling", "running"]);
    },
  );
}

workerTest(
  "a worker that ends without a word, by close() or exit(), is found by its silence and replaced",
  async ({ supervisor, log, start }) => {
    await Promise.all(["close_silently", "exit"].map(async (type) => {
      await start(type, "counter");
      const found = log.nextState(type, "backing_off");
      const back = found.then(() => log.nextState(type, "running"));
      const asked = rejection(supervisor.ask(type, { type }));
      await found;
      await back;
      await asked;
      assert.deepEqual(log.states(type).slice(3), [
        "degraded",
        "backing_off",
        "starting",
        "reconciling",
        "running",
      ]);
      assert.equal(supervisor.status(type)?.epoch, 2);
      assert.equal(supervisor.status(type)?.abandoned, 1);
    }));
  },
);

workerTest(
  "a worker whose heap grows is recycled before it is too large, goes on from its snapshot, and loses nothing",
  async ({ supervisor, log, start }) => {
    let stored: unknown = null;
    log.react = (event) => {
      if (event.type === "snapshot" && event.id === "leak") {
        stored = event.snapshot;
      }
    };
    await start("leak", "leak", {
      softHeapBytes: SOFT_HEAP_MIB * MIB,
      loadInit: () => Promise.resolve({ config: {}, snapshot: stored }),
    });
    await start("sender", "sender");
    supervisor.connect({
      from: "sender",
      to: "leak",
      fromLink: "out",
      toLink: "in",
    });
    const back = log.nextState("leak", "stopping")
      .then(() => log.nextState("leak", "running"));
    const first = log.next((event) => event.type === "report");
    await supervisor.ask("sender", { count: 16 });
    await first;
    await back;
    const [stopping, starting] = log.changes("leak").slice(3);
    assert.match(
      stopping!.cause,
      /^Heap \d+ MiB is above its soft cap of 32 MiB$/,
    );
    assert.equal(starting!.event, "recycled");
    assert.equal(starting!.restarts, 1);
    assert.equal(supervisor.status("leak")?.epoch, 2);
    const totals = log.reports("leak")
      .map((report) => (report as { total: number }).total);
    assert.deepEqual(totals, totals.map((_, index) => index + 1));
    assert.equal(await supervisor.ask("leak", null), totals.length);
    // What was not taken yet is sent again by whoever keeps it: here, the test.
    const rest = 16 - totals.length;
    const last = rest === 0
      ? null
      : log.next((event) =>
        event.type === "report" && event.id === "leak" &&
        (event.report as { total: number }).total === 16
      );
    await supervisor.ask("sender", { count: rest });
    await last;
    assert.equal(await supervisor.ask("leak", null), 16);
    const beat = await log.next((event) =>
      event.type === "heartbeat" && event.id === "leak"
    );
    assert.ok(beat.type === "heartbeat");
    assert.ok(beat.heartbeat.heapUsedBytes! < SOFT_HEAP_MIB * MIB);
  },
);

workerTest(
  "a worker that the same message fails three times is quarantined, with the digest that named it at the second crash",
  async ({ supervisor, log, start }) => {
    await start("counter", "counter");
    await start("sender", "sender");
    supervisor.connect({
      from: "sender",
      to: "counter",
      fromLink: "out",
      toLink: "in",
    });
    for (const next of ["running", "running", "quarantined"]) {
      const reached = log.nextState("counter", next);
      // deno-lint-ignore no-await-in-loop -- the same message, once an incarnation
      await supervisor.ask("sender", { send: "throw" });
      // deno-lint-ignore no-await-in-loop -- see above
      await reached;
    }
    const letters = log.of("dead_letter");
    assert.deepEqual(letters.map(({ reason, epoch }) => [reason, epoch]), [
      ["poison", 2],
    ]);
    const digest = letters[0]!.detail.slice(0, 8);
    const status = supervisor.status("counter")!;
    assert.equal(status.epoch, 3);
    assert.match(
      status.cause,
      new RegExp(`^Cannot take this message \\(.*"in", ${digest}, made it`),
    );
  },
);

/** What the process of fixtures/zombie_host.ts measured, milliseconds from the begin of the loop. */
interface ZombieFigures {
  states: string[];
  /** Null where the machine was too busy to let the thread burn. */
  toldMs: number | null;
  overMs: number | null;
  counts: number[];
  /** CPU that the loop got between its end by force and the first sign of it. */
  burntCores: number;
}

Deno.test("a worker in a busy loop is found by its silence and replaced, and its burning thread is told until it ends", async () => {
  // A process of its own: CPU time is that of all tests that run beside this one.
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--frozen",
      "--no-check",
      "--allow-read",
      new URL("./fixtures/zombie_host.ts", import.meta.url).pathname,
    ],
    stderr: "inherit",
  }).output();
  assert.equal(code, 0);
  const figures: ZombieFigures = JSON.parse(new TextDecoder().decode(stdout));
  const { states, toldMs, overMs, burntCores } = figures;
  assert.deepEqual(states, [
    "degraded",
    "backing_off",
    "starting",
    "reconciling",
    "running",
  ]);
  // Nobody can see a thread burn that other processes keep from running.
  if (burntCores < 0.6) return;
  assert.ok(toldMs !== null && overMs !== null);
  assert.deepEqual([figures.counts[0], figures.counts.at(-1)], [1, 0]);
});
