import assert from "node:assert/strict";
import { LatchBook } from "../../../lib/desk/emergency/latch_book.ts";
import { latchText } from "../../../lib/desk/emergency/latch_file.ts";
import { LATCHES_MAX } from "../../../lib/desk/emergency/limits.ts";
import { latch, MemoryEmergencyFiles } from "./emergency_world.ts";

const ofAgent = (place: number) =>
  latch({
    id: `stop_number${String(place).padStart(4, "0")}`,
    scope: { kind: "agent", id: `agt_${place}` },
  });

const range = (count: number) => Array.from({ length: count }, (_, n) => n);

Deno.test("LatchBook makes the last latch that it has room for one of everything, and the next one in its place", () => {
  const book = new LatchBook(new MemoryEmergencyFiles(), 0);
  for (const place of range(LATCHES_MAX - 1)) book.add(ofAgent(place));
  assert.ok(book.latches.every(({ scope }) => scope.kind === "agent"));
  for (const place of [LATCHES_MAX, LATCHES_MAX + 1]) {
    book.add(ofAgent(place));
    assert.equal(book.latches.length, LATCHES_MAX);
    assert.equal(book.latches.at(-1)!.id, ofAgent(place).id);
    assert.deepEqual(book.latches.at(-1)!.scope, { kind: "all" });
  }
});

Deno.test("LatchBook loses none of the latches of a file that an earlier build had room for", () => {
  const files = new MemoryEmergencyFiles();
  const earlier = range(200).map(ofAgent);
  files.latches = latchText({ latches: earlier, released: [] });
  const book = new LatchBook(files, 0);
  assert.deepEqual(book.latches, earlier);
  book.add(ofAgent(200));
  assert.deepEqual(book.latches.slice(0, 200), earlier);
  assert.deepEqual(book.latches.at(-1)!.scope, { kind: "all" });
  book.add(ofAgent(201));
  assert.equal(book.latches.length, 201);
  book.save();
  assert.deepEqual(new LatchBook(files, 0).latches, book.latches);
});
