import assert from "node:assert/strict";
import { fingerprintText, toBoundedText } from "../../actors/fingerprint.ts";
import { POISON_MEMORY_MAX } from "../../actors/limits.ts";
import type { ActorProgram } from "../../actors/mod.ts";
import { hashCause, PoisonMemory } from "../../actors/supervision/poison.ts";
import { createHarness, type Harness } from "./harness.ts";

const STACK =
  "Error: Cannot read 1\n    at ext:core/1:1\n    at take (file:///a.ts:3:9)";
const failure = (message: string, digest: string, stack = STACK) => ({
  message,
  code: null,
  stack,
  inHand: { link: "in", digest },
});

Deno.test("PoisonMemory finds a message at its second crash, and gives up at the third of one cause", () => {
  const memory = new PoisonMemory({ windowMs: 60_000 });
  assert.deepEqual(memory.judge(failure("Cannot read 1", "aa"), 0), {
    finding: null,
    quarantine: null,
  });
  assert.deepEqual(memory.judge(failure("Cannot read 2", "aa"), 1).finding, {
    link: "in",
    digest: "aa",
    message: "Cannot read 2",
  });
  const third = memory.judge(failure("Cannot read 3", "aa"), 2);
  assert.equal(third.finding, null);
  assert.match(third.quarantine!, /^Cannot read 3 \(the same message of link/);
  memory.reset();
  assert.equal(memory.judge(failure("Cannot read 4", "aa"), 3).finding, null);
});

Deno.test("PoisonMemory tells apart messages, causes and crashes that lie outside the window", () => {
  const memory = new PoisonMemory({ windowMs: 100 });
  memory.judge(failure("Cannot read", "aa"), 0);
  assert.equal(memory.judge(failure("Cannot read", "bb"), 1).finding, null);
  assert.notEqual(memory.judge(failure("Cannot add", "aa"), 2).finding, null);
  assert.equal(memory.judge(failure("Cannot write", "aa"), 3).quarantine, null);
  assert.equal(memory.judge(failure("Cannot read", "aa"), 200).finding, null);
  assert.deepEqual(
    memory.judge({ message: "Cannot read", code: null, inHand: null }, 201),
    { finding: null, quarantine: null },
  );
});

Deno.test("PoisonMemory forgets the oldest crash when there are too many", () => {
  const memory = new PoisonMemory({ windowMs: 60_000 });
  memory.judge(failure("Cannot read", "first"), 0);
  for (let n = 0; n < POISON_MEMORY_MAX; n++) {
    memory.judge(failure("Cannot read", `${n}`), 1);
  }
  assert.equal(memory.judge(failure("Cannot read", "first"), 2).finding, null);
});

Deno.test("hashCause() ignores numbers in the message and frames of the runtime, and heeds code, kind and place", () => {
  const of = (message: string, stack: string | null, code: string | null) =>
    hashCause({ message, stack, code });
  const plain = of("Cannot read 1", STACK, null);
  assert.equal(of("Cannot read 22", STACK, null), plain);
  assert.equal(of("Cannot read 1", STACK.replace("1:1", "9:9"), null), plain);
  assert.notEqual(
    of("Cannot read 1", STACK.replace("3:9", "4:9"), null),
    plain,
  );
  assert.notEqual(of("Cannot add 1", STACK, null), plain);
  assert.notEqual(of("Cannot read 1", `Type${STACK}`, null), plain);
  assert.notEqual(of("Cannot read 1", STACK, "CODE"), plain);
  assert.equal(
    of("Cannot add", STACK, "CODE"),
    of("Cannot read", STACK, "CODE"),
  );
  assert.equal(
    of("Cannot read 1", null, null),
    of("Cannot read 2", null, null),
  );
});

/** Fails at every message that says so; how is in the message as well. */
const pickyProgram: ActorProgram = {
  start() {
    return {
      receive(_link, message) {
        const { fail } = message as { fail?: string };
        if (fail === "later") {
          return Promise.reject(new Error("Cannot take it later"));
        }
        if (fail !== undefined) throw new Error(`Cannot take ${fail}`);
      },
    };
  },
};

/** Sends the same messages to each incarnation of its peer, as a lossless link does. */
function resender(messages: (epoch: number) => unknown[]): ActorProgram {
  return {
    start: (runtime) => ({
      receive() {},
      linkOpened(link, info) {
        const { peerEpoch } = info as { peerEpoch: number };
        for (const message of messages(peerEpoch)) runtime.send(link, message);
      },
    }),
  };
}

async function startPair(
  messages: (epoch: number) => unknown[],
): Promise<Harness> {
  const harness = createHarness();
  harness.supervisor.connect({
    from: "sender",
    to: "picky",
    fromLink: "out",
    toLink: "in",
  });
  await harness.start({ id: "sender", program: resender(messages) });
  await harness.start({ id: "picky", program: pickyProgram });
  await harness.clock.advance(60_000);
  return harness;
}

for (const fail of ["this", "later"]) {
  Deno.test(`a message that makes an actor fail again and again (${fail}) is told at the second crash and quarantines at the third`, async () => {
    const { log, supervisor, hosts } = await startPair(() => [{ ok: 1 }, {
      fail,
    }]);
    assert.equal(hosts("picky").length, 3);
    const status = supervisor.status("picky")!;
    assert.equal(status.state, "quarantined");
    const { text } = toBoundedText({ fail }, 1_000);
    const digest = fingerprintText(text);
    assert.equal(
      status.cause,
      `Cannot take ${
        fail === "later" ? "it later" : fail
      } (the same message of link "in", ${digest}, made it fail three times; ` +
        "a fourth attempt would meet it again: links are ordered and lossless, so it cannot be skipped without corrupting the state)",
    );
    const [letter, ...others] = log.of("dead_letter");
    assert.deepEqual(others, []);
    assert.equal(letter!.reason, "poison");
    assert.equal(letter!.epoch, 2);
    assert.equal(letter!.link, "in");
    assert.match(
      letter!.detail,
      new RegExp(`^${digest} in hand at 2 crashes: `),
    );
    assert.equal(status.deadLetters, 1);
  });
}

Deno.test("crashes with different messages in hand use up the whole budget and are no poison", async () => {
  const { log, supervisor, hosts } = await startPair((epoch) => [{
    fail: "this",
    epoch,
  }]);
  assert.equal(hosts("picky").length, 6);
  assert.equal(supervisor.status("picky")?.state, "quarantined");
  assert.match(
    supervisor.status("picky")!.cause,
    /^Cannot take this \(all 5 restarts are used up\)$/,
  );
  assert.deepEqual(log.of("dead_letter"), []);
});

Deno.test("a message that makes an actor fail each time in another way is told, and the budget decides", async () => {
  let attempt = 0;
  const harness = createHarness();
  harness.supervisor.connect({
    from: "sender",
    to: "moody",
    fromLink: "out",
    toLink: "in",
  });
  await harness.start({ id: "sender", program: resender(() => ["same"]) });
  await harness.start({
    id: "moody",
    program: {
      start: () => ({
        receive() {
          throw new Error(`Cannot: ${"x".repeat(++attempt)}`);
        },
      }),
    },
  });
  await harness.clock.advance(60_000);
  assert.equal(attempt, 6);
  assert.equal(harness.log.of("dead_letter").length, 1);
});

Deno.test("a crash without a message in hand has nothing to do with the message before", async () => {
  const harness = createHarness();
  const failing: ActorProgram = {
    start: (runtime) => ({
      receive() {
        runtime.clock.after(1, () => {
          try {
            runtime.report(() => "cannot be cloned");
          } catch {
            // It fails all the same.
          }
        });
      },
    }),
  };
  harness.supervisor.connect({
    from: "sender",
    to: "failing",
    fromLink: "out",
    toLink: "in",
  });
  await harness.start({ id: "sender", program: resender(() => ["same"]) });
  await harness.start({ id: "failing", program: failing });
  await harness.clock.advance(60_000);
  assert.equal(harness.hosts("failing").length, 6);
  assert.deepEqual(harness.log.of("dead_letter"), []);
});

Deno.test("restart() forgets which messages were in hand", async () => {
  const { supervisor, clock, hosts } = await startPair(() => [{ fail: "now" }]);
  assert.equal(hosts("picky").length, 3);
  await supervisor.restart("picky", "Mended").catch(() => {});
  await clock.advance(60_000);
  assert.equal(hosts("picky").length, 6);
});
