import assert from "node:assert/strict";
import * as fc from "fast-check";
import { clockVerdict, keyVerdicts } from "../../../lib/cli/doctor_checks.ts";
import { SOUND_HEALTH } from "../api/samples.ts";
import { createMachine, type Run } from "./machine.ts";

const NOW = Date.parse(SOUND_HEALTH.at);

/** Lines of a table in a pipe: state, check, what was found. */
function linesOf({ out }: Run): Map<string, readonly [string, string]> {
  return new Map(
    out.trimEnd().split("\n").slice(1).map((line) => {
      const [state, name, found] = line.split("\t");
      return [name!, [state!, found!] as const];
    }),
  );
}

Deno.test("doctor looks at the machine, the server, its parts and its keys, and ends with 0", async () => {
  await using machine = createMachine();
  machine.world.clock.now = NOW;
  const run = await machine.run("doctor");
  const lines = linesOf(run);
  assert.deepEqual([...lines.keys()], [
    "settings",
    "login folder",
    "worker",
    "server",
    "version",
    "clock",
    "login",
    "server store",
    "server disk",
    "exchange keys",
  ]);
  for (const [name, [state]] of lines) assert.equal(state, "ok", name);
  assert.equal(run.err, "");
  assert.equal(run.exitCode, 0);
});

Deno.test("doctor ends with 1 and a next step for each line that failed", async () => {
  await using machine = createMachine();
  machine.world.clock.now = NOW + 60_000;
  machine.machine.settingFaults = ["  PORT must be a whole number"];
  machine.machine.startWorker = () => Promise.reject(new Error("no memory"));
  machine.modes.set("/home/me/.config/smc-fleet", 0o40755);
  machine.world.options.health = () => ({
    ...SOUND_HEALTH,
    state: "down",
    components: [
      {
        name: "store",
        state: "down",
        cause: "disk full",
        since: SOUND_HEALTH.at,
      },
      { name: "host", state: "degraded", cause: "1 thread burns", since: null },
    ],
  });
  const run = await machine.run("doctor");
  const lines = linesOf(run);
  const states = Object.fromEntries(
    [...lines].map(([name, [state]]) => [name, state]),
  );
  assert.deepEqual(states, {
    settings: "fail",
    "login folder": "fail",
    worker: "fail",
    server: "ok",
    version: "ok",
    clock: "fail",
    login: "ok",
    "server store": "fail",
    "server host": "warn",
    "exchange keys": "ok",
  });
  assert.match(lines.get("server store")![1], /^disk full \(since 2026-/);
  assert.match(run.err, /^settings: Correct them/m);
  assert.match(
    run.err,
    /^login folder: chmod -R go= \/home\/me\/\.config\/smc-fleet$/m,
  );
  assert.match(run.err, /^clock: .*set-ntp/m);
  assert.equal(run.exitCode, 1);
  const json = JSON.parse((await machine.run("doctor", "--json")).out);
  assert.equal(json.ok, false);
  assert.equal(json.checks[0].next.startsWith("Correct them"), true);
});

Deno.test("doctor works without a login and tells the whole alone", async () => {
  await using machine = createMachine();
  machine.world.clock.now = NOW;
  delete machine.env["AGENT_TOKEN"];
  const run = await machine.run("doctor");
  const lines = linesOf(run);
  assert.equal(lines.get("login")![0], "warn");
  assert.deepEqual(lines.get("server state"), [
    "ok",
    "The server says of itself: ok",
  ]);
  assert.match(run.err, /^login: Log in: deno task agent login$/m);
  assert.equal(run.exitCode, 0);
});

Deno.test("doctor without a server looks at the disk here, says how to start one, and ends with 6", async () => {
  const machine = createMachine();
  await machine[Symbol.asyncDispose]();
  machine.machine.freeBytes = 1_000;
  const run = await machine.run("doctor");
  const lines = linesOf(run);
  assert.equal(lines.get("server")![0], "fail");
  assert.equal(lines.get("disk")![0], "warn");
  assert.match(run.err, /^server: Start it: deno task start/m);
  assert.equal(run.exitCode, 6);
});

Deno.test("clockVerdict() blames no clock for what the way may have taken", () => {
  fc.assert(fc.property(
    fc.integer({ min: -120_000, max: 120_000 }),
    fc.integer({ min: 0, max: 60_000 }),
    fc.double({ min: 0, max: 1, noNaN: true }),
    (skewMs, tripMs, share) => {
      const askedAt = 1_000_000;
      const { state } = clockVerdict({
        askedAt,
        answeredAt: askedAt + tripMs,
        serverAt: askedAt + share * tripMs + skewMs,
      });
      // What it says to be wrong is wrong, whichever way took the time.
      if (state === "warn") assert.ok(Math.abs(skewMs) > 2_000 - 2);
      if (state === "fail") assert.ok(Math.abs(skewMs) > 30_000 - 2);
      if (state === "ok") assert.ok(Math.abs(skewMs) <= 2_000 + tripMs + 2);
    },
  ));
});

Deno.test("keyVerdicts() warn of each key that its exchange does not take", () => {
  const key = { label: "main", exchange: "binance", statusDetail: "No answer" };
  type Keys = Parameters<typeof keyVerdicts>[0];
  const of = (status: string) =>
    keyVerdicts([{ ...key, status }] as unknown as Keys)[0]!;
  assert.equal(of("verified").state, "ok");
  assert.equal(of("refused").state, "warn");
  assert.match(of("refused").next!, /keys test main$/);
});
