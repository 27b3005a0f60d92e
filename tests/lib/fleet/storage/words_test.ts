import assert from "node:assert/strict";
import {
  lastedFor,
  storageReason,
} from "../../../../lib/fleet/storage/words.ts";

Deno.test("storageReason() says what fails, what to do and what it means for trading", () => {
  const since = "The store has failed since 2026-01-01T00:00:00.000Z";
  const cause = (message: string) => `${since}: ${message}`;
  const fails = (kind: "read" | "commit" | null, message: string) =>
    storageReason(
      { ok: false, detail: cause(message), failingSince: 1, kind },
      "./data",
    );
  assert.match(
    fails("commit", "attempt to write a readonly database"),
    /^The store does not take writes: attempt to write a readonly database\. Free space on the disk of \.\/data, or make it writable again\./,
  );
  assert.match(fails("read", "No answer"), /^The store does not answer: No/);
  assert.match(fails(null, "20000 wait"), /^The store does not keep up: 20000/);
  assert.match(fails(null, ""), /trading goes on by itself afterwards$/);
});

Deno.test("lastedFor() uses the unit that people would use", () => {
  assert.deepEqual([0, 42_000, 300_000, 9_000_000].map(lastedFor), [
    "1 s",
    "42 s",
    "5 min",
    "3 h",
  ]);
});
