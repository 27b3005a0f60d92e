/** What only a real worker can show. Nothing sleeps: each test waits for the event it is about. */
import assert from "node:assert/strict";
import { rejection } from "./harness.ts";
import { workerTest } from "./worker_harness.ts";

workerTest(
  "a worker that blocks its thread or closes itself without a word is found by its missing heartbeats",
  async ({ supervisor, log, start }) => {
    await Promise.all(["counter", "hang"].map(async (entry) => {
      await start(entry, entry);
      const back = log.nextState(entry, "backing_off")
        .then(() => log.nextState(entry, "running"));
      const asked = rejection(
        supervisor.ask(entry, { type: "close_silently" }),
      );
      await back;
      await asked;
      assert.deepEqual(log.states(entry).slice(3), [
        "degraded",
        "backing_off",
        "starting",
        "reconciling",
        "running",
      ]);
      assert.equal(supervisor.status(entry)?.abandoned, 1);
    }));
  },
);

workerTest(
  "a worker whose code cannot be loaded fails the start with its reason",
  async (context) => {
    const error = await rejection(context.start("a", "broken", {
      budget: { restarts: 0, windowMs: 60_000 },
    }));
    assert.match(String(error), /Cannot be loaded/);
  },
);

workerTest(
  "a heartbeat of a worker tells heap, event loop lag and processing times",
  async (context) => {
    const { log, start } = context;
    await start("a", "counter");
    await log.next((event) => event.type === "heartbeat");
    const { heartbeat } = log.of("heartbeat")[0]!;
    assert.ok(heartbeat.heapUsedBytes! > 100_000);
    assert.ok(heartbeat.loopLagMsP99! >= 0);
    assert.equal(heartbeat.processed, 0);
    assert.equal(heartbeat.receiveMsP50, null);
  },
);

workerTest(
  "a flood of a million ticks to a busy worker is conflated, and questions are still answered",
  async ({ supervisor, log, start }) => {
    await start("sender", "sender");
    await start("busy", "busy");
    supervisor.connect({
      from: "sender",
      to: "busy",
      fromLink: "out",
      toLink: "in",
    });
    let isFlooding = true;
    const last = log.next((event) => event.type === "report")
      .then(() => isFlooding = false);
    await supervisor.ask("sender", {
      count: 1_000_000,
      lane: "market",
      batch: 5_000,
    });
    let answered = 0;
    while (isFlooding) {
      await supervisor.ask("busy", null);
      answered++;
    }
    await last;
    await log.next((event) =>
      event.type === "heartbeat" && event.id === "sender"
    );
    assert.ok(answered > 0);
    const { processed } = log.reports("busy")[0] as { processed: number };
    assert.ok(processed > 64, "Nothing flowed beyond the first window");
    const { conflated } = supervisor.status("sender")!.heartbeat!;
    assert.equal(processed + conflated, 1_000_000);
    for (const { id, heartbeat } of log.of("heartbeat")) {
      assert.ok(heartbeat.outboxDepth <= 1, `${id} lets one tick wait`);
      assert.ok(heartbeat.mailboxDepth <= 64, `${id} holds one window`);
    }
  },
);

workerTest(
  "a worker without permissions is denied everything that reaches out of its isolate",
  async (context) => {
    const { supervisor, start } = context;
    const server = Deno.serve(
      { port: 0, hostname: "127.0.0.1", onListen() {} },
      () => new Response("reached"),
    );
    const { hostname, port } = server.addr;
    const file = await Deno.makeTempFile();
    try {
      await start("probe", "probe");
      const results = await supervisor.ask("probe", {
        url: `http://${hostname}:${port}/`,
        hostname,
        port,
        file,
        module: new URL("./fixtures/secret.ts", import.meta.url).href,
      });
      assert.deepEqual(results, {
        "fetch": "denied",
        "connect": "denied",
        "listen": "denied",
        "websocket": "denied",
        "resolve name": "denied",
        "read file": "denied",
        "list folder": "denied",
        "write file": "denied",
        "remove file": "denied",
        "read environment": "denied",
        "list environment": "denied",
        "system information": "denied",
        "run program": "denied",
        "load library": "denied",
        "open store": "denied",
        "import local file": "denied",
        "import remote file": "denied",
        "read by node": "denied",
        "spawn by node": "denied",
        "worker with more": "denied",
      });
      assert.equal(await Deno.readTextFile(file), "");
    } finally {
      await Deno.remove(file);
      await server.shutdown();
    }
  },
);
