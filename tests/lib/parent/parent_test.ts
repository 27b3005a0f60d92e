import assert from "node:assert/strict";
import {
  createSimulatedClock,
  type SimulatedClock,
} from "../../../actors/mod.ts";
import type { ExitStatus } from "../../../lib/parent/exit_meaning.ts";
import { Parent } from "../../../lib/parent/parent.ts";
import {
  HANG_KILL_MS,
  PROBE_EVERY_MS,
  PROBE_MISSES_MAX,
  RESTART_MIN_MS,
  STARTING_PROBE_MS,
  STOP_KILL_MS,
} from "../../../lib/parent/limits.ts";

/** A host that ends when the test says so, and notes what it is sent. */
interface StoredHost {
  signals: string[];
  end(status: Partial<ExitStatus>): void;
}

interface World {
  clock: SimulatedClock;
  hosts: StoredHost[];
  lines: string[];
  parent: Parent;
  /** Whether the host answers. */
  isAlive: boolean;
  exitCode: Promise<number>;
}

function start(): World {
  const clock = createSimulatedClock();
  const hosts: StoredHost[] = [];
  const lines: string[] = [];
  const world = { clock, hosts, lines, isAlive: true } as World;
  world.parent = new Parent({
    clock,
    random: () => 0.5,
    restartsMax: 5,
    probe: () => Promise.resolve(world.isAlive),
    say: (line) => lines.push(line),
    launch: () => {
      const ended = Promise.withResolvers<ExitStatus>();
      const signals: string[] = [];
      hosts.push({
        signals,
        end: (status) => ended.resolve({ code: 0, signal: null, ...status }),
      });
      return {
        pid: 100 + hosts.length,
        ended: ended.promise,
        signal: (name) => signals.push(name),
      };
    },
  });
  world.exitCode = world.parent.run();
  return world;
}

Deno.test("Parent starts a dead host again after the pause, with one line for each", async () => {
  const { clock, hosts, lines, parent, exitCode } = start();
  hosts[0]!.end({ code: 133 });
  await clock.advance(RESTART_MIN_MS - 1);
  assert.equal(hosts.length, 1);
  await clock.advance(1);
  assert.equal(hosts.length, 2);
  assert.equal(lines.length, 3);
  assert.equal(lines[0], "Host process 101 started");
  assert.match(lines[1]!, /out of memory/);
  assert.equal(lines[2], "Host process 102 started");
  parent.stop();
  hosts[1]!.end({ code: 0 });
  assert.equal(await exitCode, 0);
  assert.equal(clock.pending, 0);
});

Deno.test("Parent.stop() drains the host, kills it when it does not end, and never starts it again", async () => {
  const { clock, hosts, parent, exitCode } = start();
  parent.stop();
  assert.deepEqual(hosts[0]!.signals, ["SIGTERM"]);
  await clock.advance(STOP_KILL_MS);
  assert.deepEqual(hosts[0]!.signals, ["SIGTERM", "SIGKILL"]);
  hosts[0]!.end({ code: 137, signal: "SIGKILL" });
  assert.equal(await exitCode, 137);
  assert.equal(hosts.length, 1);
});

Deno.test("Parent.stop() a second time kills the host at once", async () => {
  const { hosts, parent, exitCode } = start();
  parent.stop();
  parent.stop();
  assert.deepEqual(hosts[0]!.signals, ["SIGTERM", "SIGKILL"]);
  hosts[0]!.end({ code: 137, signal: "SIGKILL" });
  assert.equal(await exitCode, 137);
});

Deno.test("Parent.stop() in the pause before a restart ends at once", async () => {
  const { clock, hosts, parent, exitCode } = start();
  hosts[0]!.end({ code: 1 });
  await clock.advance(RESTART_MIN_MS / 2);
  parent.stop();
  assert.equal(await exitCode, 0);
  assert.equal(hosts.length, 1);
  assert.equal(clock.pending, 0);
});

Deno.test("Parent ends a host that was ready and answers no more, and says why", async () => {
  const world = start();
  const { clock, hosts, lines, parent, exitCode } = world;
  await clock.advance(STARTING_PROBE_MS);
  world.isAlive = false;
  await clock.advance(PROBE_EVERY_MS * PROBE_MISSES_MAX - 1);
  assert.deepEqual(hosts[0]!.signals, []);
  await clock.advance(1);
  assert.deepEqual(hosts[0]!.signals, ["SIGTERM"]);
  await clock.advance(HANG_KILL_MS);
  assert.deepEqual(hosts[0]!.signals, ["SIGTERM", "SIGKILL"]);
  hosts[0]!.end({ code: 137, signal: "SIGKILL" });
  await clock.advance(100);
  assert.equal(hosts.length, 2);
  assert.ok(
    lines.some((line) => /gave no sign of life for 30 s/.test(line)),
    lines.join("\n"),
  );
  parent.stop();
  hosts[1]!.end({ code: 0 });
  await exitCode;
});

Deno.test("Parent leaves a host alone that is slow to start, and one that misses a few probes", async () => {
  const world = start();
  const { clock, hosts, parent, exitCode } = world;
  world.isAlive = false;
  await clock.advance(600_000);
  world.isAlive = true;
  await clock.advance(STARTING_PROBE_MS);
  for (let round = 0; round < 3; round++) {
    world.isAlive = false;
    // deno-lint-ignore no-await-in-loop -- times follow each other
    await clock.advance(PROBE_EVERY_MS * (PROBE_MISSES_MAX - 1));
    world.isAlive = true;
    // deno-lint-ignore no-await-in-loop -- as above
    await clock.advance(PROBE_EVERY_MS);
  }
  assert.deepEqual(hosts[0]!.signals, []);
  parent.stop();
  hosts[0]!.end({ code: 0 });
  assert.equal(await exitCode, 0);
});
