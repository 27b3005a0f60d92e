/**
 * What every host promises, told once and held by both: the inline host and a
 * real Deno Worker. Everything waits for events; nothing sleeps.
 */
import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import {
  type ActorHost,
  type ActorProgram,
  type ChildSpec,
  createInlineHost,
  createSupervisor,
  createWorkerHost,
  NO_PERMISSIONS,
  type Supervisor,
  systemClock,
} from "../../actors/mod.ts";
import { counterProgram } from "./fixtures/counter_program.ts";
import { senderProgram, slowProgram } from "./fixtures/slow_programs.ts";
import { EventLog, rejection } from "./harness.ts";

type ProgramName = "counter" | "sender" | "slow";

const PROGRAMS: Record<ProgramName, ActorProgram> = {
  counter: counterProgram,
  sender: senderProgram,
  slow: slowProgram,
};

const HOSTS: Record<string, (name: ProgramName) => ActorHost> = {
  inline: (name) =>
    createInlineHost({ program: PROGRAMS[name], clock: systemClock }),
  worker: (name) =>
    createWorkerHost({
      entry: new URL(`./fixtures/${name}_worker.ts`, import.meta.url),
      name,
      permissions: NO_PERMISSIONS,
    }),
};

interface Context {
  supervisor: Supervisor;
  log: EventLog;
  start(
    id: string,
    options?: Partial<ChildSpec> & { program?: ProgramName; config?: object },
  ): Promise<void>;
}

for (const [kind, createHost] of Object.entries(HOSTS)) {
  const contract = (
    name: string,
    test: (context: Context) => Promise<void>,
  ) =>
    Deno.test(`${kind} host: ${name}`, async () => {
      const log = new EventLog();
      const supervisor = createSupervisor({
        clock: systemClock,
        random: () => 0.5,
        onEvent: log.onEvent,
      });
      const start: Context["start"] = (id, options = {}) => {
        const { program = "counter", config = {}, ...rest } = options;
        return supervisor.start({
          id,
          kind: "agent",
          restart: "transient",
          createHost: () => createHost(program),
          loadInit: () =>
            Promise.resolve({ config: { step: 1, ...config }, snapshot: null }),
          backoff: {
            minMs: 1,
            maxMs: 1,
            factor: 1,
            jitter: 0,
            resetAfterMs: 1,
          },
          ...rest,
        });
      };
      try {
        await test({ supervisor, log, start });
      } finally {
        await supervisor.drain({ deadlineMs: 0 });
      }
    });

  contract("comes up, answers questions, stops", async (context) => {
    const { supervisor, log, start } = context;
    await start("a");
    assert.equal(await supervisor.ask("a", { type: "total" }), 0);
    await supervisor.stop("a", { reason: "Done", mode: "recycle" });
    assert.deepEqual(log.states("a"), [
      "starting",
      "reconciling",
      "running",
      "stopping",
      "stopped",
    ]);
    assert.deepEqual(log.reports("a"), ["stop recycle"]);
  });

  contract(
    "an error in an answer is the asker's and not a crash",
    async (context) => {
      const { supervisor, start } = context;
      await start("a");
      const error = await rejection(supervisor.ask("a", { type: "fail" }));
      assert.equal((error as AppError).code, "ACTOR_QUERY_FAILED");
      assert.equal((error as AppError).message, "Cannot answer that");
      await rejection(supervisor.ask("a", { type: "unclonable" }));
      assert.equal(await supervisor.ask("a", { type: "total" }), 0);
      assert.equal(supervisor.status("a")?.state, "running");
    },
  );

  contract(
    "pause, resume and configure reach the program in order",
    async (context) => {
      const { supervisor, start } = context;
      await start("a", { startPaused: true });
      await supervisor.resume("a", "Go");
      await supervisor.pause("a", "Wait");
      assert.equal(await supervisor.configure("a", { step: 5 }), "applied");
      assert.equal(
        await supervisor.configure("a", { step: 500 }),
        "needs_restart",
      );
      assert.deepEqual(await supervisor.ask("a", { type: "log" }), [
        "pause",
        "resume",
        "pause",
      ]);
      assert.equal(supervisor.status("a")?.state, "paused");
    },
  );

  contract(
    "messages flow over a link in both directions' credit, and reports arrive",
    async (context) => {
      const { supervisor, log, start } = context;
      await start("sender", { program: "sender" });
      await start("counter", { config: { step: 2 } });
      supervisor.connect({
        from: "sender",
        to: "counter",
        fromLink: "out",
        toLink: "in",
      });
      const done = log.next((event) =>
        event.type === "report" &&
        (event.report as { total: number }).total === 200
      );
      await supervisor.ask("sender", { count: 100 });
      await done;
      assert.equal(await supervisor.ask("counter", { type: "total" }), 200);
      const calls = await supervisor.ask("counter", {
        type: "log",
      }) as string[];
      assert.deepEqual(calls.slice(0, 2), [
        'opened in {"peerId":"sender","peerEpoch":1}',
        "in:1",
      ]);
    },
  );

  contract("a snapshot restores the next incarnation", async (context) => {
    const { supervisor, log, start } = context;
    let stored: unknown = { total: 41 };
    await start("a", {
      loadInit: () =>
        Promise.resolve({ config: { step: 1 }, snapshot: stored }),
    });
    const first = { v: 2, state: { total: 41 }, commandIds: [] };
    assert.deepEqual(await supervisor.requestSnapshot("a"), first);
    stored = { ...first, state: { total: 42 } };
    await supervisor.restart("a", "Fresh start");
    assert.equal(await supervisor.ask("a", { type: "total" }), 42);
    const told = log.of("snapshot").map((event) => event.snapshot);
    assert.deepEqual(told, [first, first]);
  });

  contract(
    "what an actor sent before it stopped well arrives before the link closes",
    async (context) => {
      const { supervisor, start } = context;
      await start("counter");
      await start("sender", { program: "sender" });
      supervisor.connect({
        from: "sender",
        to: "counter",
        fromLink: "out",
        toLink: "in",
      });
      const expected: string[] = [];
      for (let epoch = 1; epoch <= 5; epoch++) {
        await supervisor.restart("sender", "Again and again");
        const last = Array.from({ length: 10 }, (_, i) => `in:"last ${i + 1}"`);
        expected.push(
          `opened in {"peerId":"sender","peerEpoch":${epoch}}`,
          ...last,
          "closed in",
        );
      }
      const calls = await supervisor.ask("counter", {
        type: "log",
      }) as string[];
      assert.deepEqual(calls.slice(0, expected.length), expected);
    },
  );

  for (const message of ["throw", "reject"]) {
    contract(
      `a receive that ends with a ${message} is a crash with its stack, and the actor comes back`,
      async (context) => {
        const { supervisor, log, start } = context;
        // Only a program can send, so the counter is its own peer's victim.
        await start("victim");
        await start("sender", { program: "sender" });
        supervisor.connect({
          from: "sender",
          to: "victim",
          fromLink: "out",
          toLink: "in",
        });
        const back = log.nextState("victim", "backing_off")
          .then(() => log.nextState("victim", "running"));
        await supervisor.ask("sender", { send: message });
        await back;
        const failed = log.changes("victim").find((c) => c.event === "failed")!;
        assert.match(failed.cause, /Cannot take (this|that) message/);
        assert.equal(supervisor.status("victim")?.epoch, 2);
        assert.equal(supervisor.status("sender")?.state, "running");
      },
    );
  }

  contract(
    "a program that cannot start fails the start with its reason",
    async (context) => {
      const { start } = context;
      const error = await rejection(start("a", {
        config: { start: "throw" },
        budget: { restarts: 1, windowMs: 60_000 },
      }));
      assert.equal((error as AppError).code, "ACTOR_START_FAILED");
      assert.match((error as AppError).message, /Cannot find the start/);
    },
  );

  contract(
    "a program that does not stop is terminated at the deadline",
    async (context) => {
      const { supervisor, log, start } = context;
      await start("a", { config: { stop: "hang" }, shutdownMs: 20 });
      await supervisor.stop("a", { reason: "Done", mode: "stop" });
      assert.match(log.changes("a").at(-1)!.cause, /^Terminated after 20 ms/);
    },
  );

  contract("a program may end by itself", async (context) => {
    const { supervisor, log, start } = context;
    await start("a");
    const stopped = log.nextState("a", "stopped");
    await supervisor.ask("a", { type: "finish" }).catch(() => {});
    await stopped;
    assert.equal(log.changes("a").at(-1)!.cause, "Ended by itself");
  });

  contract(
    "a slow receiver never has more than the window in hand, and questions pass it by",
    async (context) => {
      const { supervisor, log, start } = context;
      await start("slow", { program: "slow" });
      await start("sender", { program: "sender" });
      supervisor.connect({
        from: "sender",
        to: "slow",
        fromLink: "out",
        toLink: "in",
        window: 4,
      });
      const first = log.next((event) => event.type === "report");
      assert.equal(await supervisor.ask("sender", { count: 10 }), 0);
      await first;
      for (let number = 1; number <= 10; number++) {
        assert.deepEqual(await supervisor.ask("slow", null), {
          started: number,
          last: number,
        });
        const next = number < 10
          ? log.next((event) => event.type === "report")
          : null;
        await supervisor.ask("slow", "release");
        await next;
      }
    },
  );
}
