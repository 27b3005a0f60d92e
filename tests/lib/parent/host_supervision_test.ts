import assert from "node:assert/strict";
import fc from "fast-check";
import { EXIT_CODES } from "../../../lib/core/exit_codes.ts";
import {
  type HostLife,
  HostSupervision,
} from "../../../lib/parent/host_supervision.ts";
import {
  BACKOFF_RESET_MS,
  CRASH_LOOP_WINDOW_MS,
  HEALTHY_MS,
  RESTART_JITTER,
  RESTART_MAX_MS,
  RESTART_MIN_MS,
} from "../../../lib/parent/limits.ts";

/** Chance in the middle: no jitter. */
const random = () => 0.5;

function supervision(restartsMax = 5): HostSupervision {
  return new HostSupervision({ restartsMax, random });
}

function died(change: Partial<HostLife> = {}): HostLife {
  return {
    status: { code: 1, signal: null },
    endedAtMs: 0,
    readyMs: null,
    endedBecause: null,
    ...change,
  };
}

function exited(code: number, change: Partial<HostLife> = {}): HostLife {
  return died({ status: { code, signal: null }, ...change });
}

Deno.test("HostSupervision.next() ends with the host's code where a restart cannot help", () => {
  for (const code of [EXIT_CODES.ok, EXIT_CODES.config]) {
    assert.deepEqual(supervision().next(exited(code, { readyMs: 60_000 })), {
      kind: "end",
      exitCode: code,
      line: null,
    });
  }
  assert.deepEqual(supervision().next(exited(EXIT_CODES.cannotStart)), {
    kind: "end",
    exitCode: EXIT_CODES.cannotStart,
    line: null,
  });
});

Deno.test("HostSupervision.next() tries again where the port is taken after the host was ready once", () => {
  const rules = supervision();
  assert.equal(rules.next(died({ readyMs: 60_000 })).kind, "restart");
  const next = rules.next(exited(EXIT_CODES.cannotStart));
  assert.ok(next.kind === "restart");
  assert.match(next.line, /exit code 69: the port or the data folder/);
});

Deno.test("HostSupervision.next() recycles at once and without counting", () => {
  const rules = supervision(0);
  for (let round = 1; round <= 20; round++) {
    assert.deepEqual(rules.next(exited(EXIT_CODES.recycle, { readyMs: 1 })), {
      kind: "restart",
      delayMs: 0,
      line:
        `The host process asked for a fresh one; starting again at once (restart ${round})`,
    });
  }
  assert.equal(
    rules.next(exited(EXIT_CODES.recycle)).kind,
    "end",
    "a host that was never ready and asks again is a crash loop",
  );
});

Deno.test("HostSupervision.next() says in one line what happened, what it means and what follows", () => {
  const next = supervision().next(exited(133, { readyMs: 1_000 }));
  assert.deepEqual(next, {
    kind: "restart",
    delayMs: RESTART_MIN_MS,
    line:
      "The host process ended (exit code 133: most likely out of memory); starting again in 0.02 s (restart 1, 1 of at most 5 within 5 minutes)",
  });
  const hung = supervision().next(
    exited(0, { readyMs: 1_000, endedBecause: "no sign of life for 30 s" }),
  );
  assert.ok(hung.kind === "restart", "a hung host that drained starts again");
  assert.match(hung.line, /^The host process was ended \(no sign of life/);
  const killed = supervision().next(
    died({ status: { code: 137, signal: "SIGKILL" } }),
  );
  assert.match(killed.line!, /signal SIGKILL: killed from outside/);
});

Deno.test("HostSupervision.next() lengthens the pause up to its maximum, and begins anew after a good start", () => {
  const rules = supervision(1_000);
  const pauses = Array.from({ length: 11 }, () => delay(rules, died()));
  assert.deepEqual(pauses.slice(0, 4), [20, 80, 320, 1_280]);
  assert.equal(pauses.at(-1), RESTART_MAX_MS);
  assert.equal(
    delay(rules, died({ readyMs: BACKOFF_RESET_MS })),
    RESTART_MIN_MS,
  );
});

Deno.test("HostSupervision.next() varies the pause by no more than the jitter", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (chance) => {
        const rules = new HostSupervision({
          restartsMax: 1,
          random: () => chance,
        });
        const delayMs = delay(rules, died());
        assert.ok(
          Math.abs(delayMs - RESTART_MIN_MS) <= RESTART_MIN_MS * RESTART_JITTER,
        );
      },
    ),
  );
});

Deno.test("HostSupervision.next() gives up a host that never works, and says what to do", () => {
  const rules = supervision(5);
  for (let round = 0; round < 5; round++) {
    assert.equal(
      rules.next(died({ endedAtMs: round * 1_000 })).kind,
      "restart",
    );
  }
  const last = rules.next(died({ endedAtMs: 5_000 }));
  assert.ok(last.kind === "end");
  assert.equal(last.exitCode, 1);
  assert.match(last.line!, /started again 5 times within 5 minutes/);
  assert.match(
    last.line!,
    /data is safe.*MAX_AGENTS_PER_HOST.*deno task restore/,
  );
});

Deno.test("HostSupervision.next() forgets deaths before a healthy life and outside the window", () => {
  const healthy = supervision(1);
  const slow = supervision(1);
  for (let round = 0; round < 20; round++) {
    const endedAtMs = round * 40_000;
    assert.equal(
      healthy.next(died({ endedAtMs, readyMs: HEALTHY_MS })).kind,
      "restart",
    );
    assert.equal(
      slow.next(died({ endedAtMs: round * CRASH_LOOP_WINDOW_MS })).kind,
      "restart",
    );
  }
});

Deno.test("HostSupervision.next() with HOST_RESTARTS_MAX=0 starts nothing again", () => {
  const next = supervision(0).next(died({ readyMs: 3_600_000 }));
  assert.ok(next.kind === "end");
  assert.equal(next.exitCode, 1);
  assert.match(next.line!, /HOST_RESTARTS_MAX=0/);
});

function delay(rules: HostSupervision, life: HostLife): number {
  const next = rules.next(life);
  assert.ok(next.kind === "restart");
  return next.delayMs;
}
