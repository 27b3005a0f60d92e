import assert from "node:assert/strict";
import { backoffMs } from "../../../lib/cli/follow.ts";
import { logEntry } from "../api/samples.ts";
import { createMachine, type Machine } from "./machine.ts";

/** One frame of the stream, as the hub writes it. */
function frame(type: string, seq: number, data?: unknown): string {
  const json = JSON.stringify({ v: 1, seq, type, data, reason: "was pruned" });
  return `id: ${seq}\nevent: ${type}\ndata: ${json}\n\n`;
}

function addedLine(seq: number, message: string, level = "info"): string {
  return frame(
    "log.added",
    seq,
    logEntry(seq, { message, level: level as "info" }),
  );
}

/** Serves one connection after the other; after the last one the person presses Ctrl+C. */
function serveStreams(machine: Machine, connections: string[][]): void {
  machine.world.options.hub.sse = (stream) => {
    machine.world.streams.push(stream);
    const chunks = connections.shift();
    if (chunks === undefined) {
      machine.interrupt.abort();
      return new Response("", {
        headers: { "content-type": "text/event-stream" },
      });
    }
    return new Response(
      ReadableStream.from(chunks).pipeThrough(new TextEncoderStream()),
      { headers: { "content-type": "text/event-stream" } },
    );
  };
}

Deno.test("logs writes stored lines oldest first, filtered and limited", async () => {
  await using machine = createMachine();
  const { world } = machine;
  const { id } = world.fleet.add({ name: "alpha" });
  for (let seq = 1; seq <= 300; seq++) {
    world.logs.push(logEntry(seq, seq % 2 === 0 ? { agentId: id } : {}));
  }
  const lines = async (...args: string[]) => {
    const { out, exitCode, err } = await machine.run("logs", ...args);
    assert.equal(exitCode, 0, err);
    return out.trimEnd().split("\n").map((line) => line.split("\t").at(-1));
  };
  assert.deepEqual(
    await lines("--limit", "3"),
    ["line 298", "line 299", "line 300"],
  );
  assert.equal((await lines()).length, 50);
  assert.equal((await lines("--limit", "250")).length, 250);
  assert.deepEqual(await lines("alpha", "--limit", "1"), ["line 300"]);
  assert.deepEqual(
    await lines("--level", "error", "--limit", "1"),
    [world.logs.findLast((entry) => entry.level === "error")!.message],
  );
  const json = await machine.run("logs", "--limit", "2", "--json");
  assert.deepEqual(
    JSON.parse(json.out).map((entry: { seq: number }) => entry.seq),
    [299, 300],
  );
  const none = await machine.run("logs", "--query", "nothing-like-this");
  assert.deepEqual([none.exitCode, none.out], [0, ""]);
});

Deno.test("logs --since takes a time or a span and refuses anything else", async () => {
  await using machine = createMachine();
  const { world } = machine;
  for (let seq = 1; seq <= 5; seq++) {
    world.logs.push(
      logEntry(seq, { at: world.clock.now - (5 - seq) * 60_000 }),
    );
  }
  const count = async (since: string) =>
    (await machine.run("logs", "--since", since)).out.trimEnd().split("\n")
      .length;
  assert.equal(await count("2m"), 3);
  assert.equal(await count(new Date(world.clock.now).toISOString()), 1);
  assert.equal(await count("1d"), 5);
  for (
    const args of [["--since", "soon"], ["--limit", "0"], ["--limit", "x"]]
  ) {
    assert.equal((await machine.run("logs", ...args)).exitCode, 2);
  }
});

Deno.test("logs --follow goes on after what is stored, as NDJSON with --json", async () => {
  await using machine = createMachine();
  // The list is read after the place in the stream, which is 41 here.
  machine.world.logs.push(logEntry(42, { message: "stored" }));
  serveStreams(machine, [[
    "retry: 1000\n\n",
    addedLine(42, "stored"),
    addedLine(43, "first").slice(0, 20),
    addedLine(43, "first").slice(20) + addedLine(44, "second"),
    frame("heartbeat", 50),
  ]]);
  const { out, exitCode, err } = await machine.run(
    "logs",
    "--follow",
    "--json",
  );
  assert.equal(exitCode, 0, err);
  const seen = out.trimEnd().split("\n").map((line) =>
    JSON.parse(line).message
  );
  assert.deepEqual(seen, ["stored", "first", "second"]);
  assert.deepEqual(machine.world.streams[0]!.topics, ["logs:all"]);
  assert.equal(machine.world.streams[0]!.after, 42);
  assert.equal(machine.world.streams[1]!.after, 50, "a heartbeat moves on too");
});

Deno.test("logs --follow reconnects after the last line it saw and shows none twice", async () => {
  await using machine = createMachine();
  const { id } = machine.world.fleet.add({ name: "alpha" });
  serveStreams(machine, [
    [addedLine(42, "one")],
    [addedLine(42, "one"), addedLine(44, "two"), frame("closing", 0)],
    [frame("resync", 60), addedLine(61, "three")],
  ]);
  const { out, err } = await machine.run("logs", "alpha", "-f");
  assert.deepEqual(
    out.trimEnd().split("\n").map((line) => line.split("\t").at(-1)),
    ["one", "two", "three"],
  );
  assert.deepEqual(
    machine.world.streams.map((stream) => stream.after),
    [41, 42, 44, 61],
  );
  assert.deepEqual(machine.world.streams[0]!.topics, [`logs:${id}`]);
  assert.match(err, /Disconnected: .*Connecting again in 1 s/);
  assert.match(err, /Connected again/);
  assert.match(err, /Some lines are missing here: was pruned/);
});

Deno.test("logs --follow filters what the stream sends", async () => {
  await using machine = createMachine();
  serveStreams(machine, [[
    addedLine(42, "Alpha", "error"),
    addedLine(43, "alpha", "debug"),
    addedLine(44, "beta", "error"),
  ]]);
  const { out } = await machine.run(
    "logs",
    "--follow",
    "--level",
    "error,warning",
    "--query",
    "alpha",
  );
  assert.deepEqual(out.trimEnd().split("\n").length, 1);
  assert.match(out, /Alpha\n$/);
});

Deno.test("logs --follow waits for a server that is down, and ends when the login is gone", async () => {
  await using machine = createMachine();
  const { world } = machine;
  let refusals = 3;
  const call = machine.io.fetch;
  machine.io.fetch = (url, init) =>
    url.includes("/stream") && refusals-- > 0
      ? Promise.reject(new TypeError("connection refused"))
      : call(url, init);
  world.options.hub.sse = () => {
    world.sessions.clear();
    return new Response("", {
      headers: { "content-type": "text/event-stream" },
    });
  };
  const { exitCode, err } = await machine.run("logs", "--follow");
  assert.equal(exitCode, 5);
  assert.equal(err.match(/nothing listens there/g)!.length, 3);
  assert.match(err, /Log in: deno task agent login/);
  assert.ok(machine.slept.ms >= 1_000 + 1_500 + 3_000);
});

Deno.test("backoffMs doubles from 1 s to 30 s, half of it by chance", () => {
  assert.equal(backoffMs(0, 0), 1_000);
  assert.equal(backoffMs(3, 0), 4_000);
  assert.equal(backoffMs(3, 1), 8_000);
  assert.equal(backoffMs(50, 1), 30_000);
  assert.equal(backoffMs(50, 0), 15_000);
});
