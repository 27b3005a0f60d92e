import assert from "node:assert/strict";
import type { Actor } from "../../../../lib/contracts/audit.ts";
import {
  MAX_ANONYMOUS_REFUSALS,
  MAX_COUNTED_ACTORS,
  MAX_REFUSALS_PER_ACTOR,
  MAX_SUMMARY_NAMES,
  REFUSAL_WINDOW_MS,
} from "../../../../lib/store/audit/limits.ts";
import {
  RefusalCounter,
  SUMMARY_ACTION,
} from "../../../../lib/store/audit/refusals.ts";
import type { AuditEntry } from "../../../../lib/store/port.ts";
import { auditOf, ManualTime } from "../support.ts";

function createWorld() {
  const time = new ManualTime();
  const stored: AuditEntry[] = [];
  const counter = new RefusalCounter({
    time,
    append: (entry) => {
      stored.push(entry);
      return Promise.resolve();
    },
  });
  const refuse = (n: number, actor: Actor) =>
    counter.record({
      ...auditOf(n % 2 === 0 ? "auth.login" : "auth.setup"),
      actor,
      outcome: "refused",
      detail: { address: `192.0.2.${n}` },
    });
  return { time, stored, counter, refuse };
}

function nobody(n: number): Actor {
  return { kind: "anonymous", id: null, name: `x${n}@example.com` };
}

Deno.test("RefusalCounter stores the first refusals of nobody known and counts a flood in one entry", async () => {
  const { time, stored, refuse } = createWorld();
  for (let n = 0; n < 5_000; n++) {
    // deno-lint-ignore no-await-in-loop -- in order
    await refuse(n, nobody(n));
  }
  assert.equal(stored.length, MAX_ANONYMOUS_REFUSALS);
  time.advance(REFUSAL_WINDOW_MS);
  await Promise.resolve();
  const summary = stored.at(-1)!;
  assert.equal(stored.length, MAX_ANONYMOUS_REFUSALS + 1);
  assert.equal(summary.action, SUMMARY_ACTION);
  const count = 5_000 - MAX_ANONYMOUS_REFUSALS;
  assert.equal(summary.detail["count"], count);
  assert.deepEqual(summary.detail["actions"], {
    "auth.login": count / 2,
    "auth.setup": count / 2,
  });
  const { addresses } = summary.detail as { addresses: string[] };
  assert.equal(addresses.length, MAX_SUMMARY_NAMES);
});

Deno.test("RefusalCounter counts each known actor alone, and what succeeds not at all", async () => {
  const { stored, counter, refuse } = createWorld();
  const people = ["usr_a", "usr_b"].map((id): Actor => ({
    kind: "user",
    id,
    name: `${id}@example.com`,
  }));
  for (let n = 0; n < 2 * MAX_REFUSALS_PER_ACTOR; n++) {
    // deno-lint-ignore no-await-in-loop -- in order
    await refuse(n, people[0]!);
    // deno-lint-ignore no-await-in-loop -- in order
    await counter.record(auditOf("stop"));
  }
  await refuse(0, people[1]!);
  const of = (id: string) =>
    stored.filter(({ actor, outcome }) =>
      actor.id === id && outcome === "refused"
    ).length;
  assert.equal(of("usr_a"), MAX_REFUSALS_PER_ACTOR);
  assert.equal(of("usr_b"), 1);
  assert.equal(
    stored.filter(({ action }) => action === "stop").length,
    2 * MAX_REFUSALS_PER_ACTOR,
  );
  await counter.close();
  const summary = stored.at(-1)!;
  assert.equal(summary.target, "usr_a");
  assert.equal(summary.detail["count"], MAX_REFUSALS_PER_ACTOR);
});

Deno.test("RefusalCounter starts anew after its window and keeps a bounded number of actors apart", async () => {
  const { time, stored, refuse } = createWorld();
  for (let n = 0; n < 3 * MAX_COUNTED_ACTORS; n++) {
    const actor = { kind: "user", id: `usr_${n}`, name: "x" } as const;
    // deno-lint-ignore no-await-in-loop -- in order
    await refuse(n, actor);
  }
  assert.equal(stored.length, MAX_COUNTED_ACTORS + MAX_REFUSALS_PER_ACTOR);
  time.advance(REFUSAL_WINDOW_MS);
  await Promise.resolve();
  const before = stored.length;
  await refuse(0, nobody(0));
  assert.equal(stored.length, before + 1);
});
