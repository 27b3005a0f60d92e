import assert from "node:assert/strict";
import type { AppError } from "../../lib/core/errors.ts";
import { UNDELIVERED_LINKS_MAX } from "../../actors/limits.ts";
import { DEAD_LETTER_REASONS } from "../../lib/contracts/dead_letter.ts";
import type { DeadLetterReason } from "../../actors/mod.ts";
import { peerProgram } from "./fixtures/echo_programs.ts";
import { createHarness, rejection } from "./harness.ts";

Deno.test("the first message for a link that is not open is a dead letter, once a link and incarnation; all are counted", async () => {
  const { start, supervisor, clock, log } = createHarness();
  await start({
    id: "a",
    program: {
      start: (runtime) => ({
        receive() {},
        ask(query) {
          for (let n = 0; n < 10; n++) runtime.discard?.(query as string);
        },
      }),
    },
  });
  await supervisor.ask("a", "desk");
  await supervisor.ask("a", "desk");
  await supervisor.ask("a", "feed");
  await clock.advance(1_000);
  const told = () =>
    log.of("dead_letter").map(({ epoch, reason, link }) => [
      epoch,
      reason,
      link,
    ]);
  assert.deepEqual(told(), [[1, "link_closed", "desk"], [
    1,
    "link_closed",
    "feed",
  ]]);
  assert.equal(supervisor.status("a")?.heartbeat?.dropped, 30);
  await supervisor.restart("a", "Fresh start");
  await supervisor.ask("a", "desk");
  await clock.settle();
  assert.deepEqual(told().at(-1), [2, "link_closed", "desk"]);
  for (let n = 0; n < 100; n++) {
    // deno-lint-ignore no-await-in-loop -- one incarnation, many links
    await supervisor.ask("a", `link ${n}`);
  }
  assert.equal(told().length, 2 + UNDELIVERED_LINKS_MAX);
});

Deno.test("an answer from a crash that names no message in hand is taken as it is", async () => {
  const { start, hosts, supervisor, clock } = createHarness();
  await start({ id: "a", program: peerProgram });
  const asked = rejection(supervisor.ask("a", { send: "nowhere" }));
  hosts("a")[0]!.inject({ type: "crash", error: { message: "Old words" } });
  await clock.settle();
  assert.equal((await asked as AppError).code, "ACTOR_ENDED");
  assert.equal(supervisor.status("a")?.lastCrash?.message, "Old words");
});

Deno.test("every reason of a dead letter is known to the contract", () => {
  // Typed, so that a reason that is missing here does not compile.
  const reasons: Record<DeadLetterReason, true> = {
    late_message: true,
    late_reply: true,
    unknown_message: true,
    poison: true,
    link_closed: true,
  };
  const known: readonly string[] = DEAD_LETTER_REASONS;
  for (const reason of Object.keys(reasons)) assert.ok(known.includes(reason));
});
