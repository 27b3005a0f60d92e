import assert from "node:assert/strict";
import { SignalSources } from "../../../agents/signals/sources.ts";
import { told } from "./signals_support.ts";

/** A listener to one source, from its first candle on; `hear` takes a candle without a signal. */
function listener() {
  const sources = new SignalSources({
    sourceIds: ["s1"],
    decidedSeq: -1,
    snapshot: null,
  });
  sources.open("s1");
  const hear = (seq: number) => {
    sources.receive("s1", {
      type: "signals",
      fromSeq: seq,
      toSeq: seq,
      signals: [],
    });
    sources.take(seq);
  };
  return { sources, hear };
}

Deno.test("SignalSources refuses a gap between two messages", () => {
  const sources = new SignalSources({
    sourceIds: ["s1"],
    decidedSeq: 9,
    snapshot: null,
  });
  sources.open("s1");
  assert.throws(
    () =>
      sources.receive("s1", {
        type: "signals",
        fromSeq: 11,
        toSeq: 11,
        signals: [],
      }),
    /must go on at 10/,
  );
});

Deno.test("SignalSources keeps the number of a source when others come and go", () => {
  const start = (sourceIds: string[], before?: SignalSources) =>
    new SignalSources({
      sourceIds,
      decidedSeq: 0,
      snapshot: before?.snapshot() ?? null,
    });
  const slots = (sources: SignalSources) =>
    sources.snapshot().sources.map(({ sourceId, slot }) =>
      `${sourceId}${slot}`
    );
  const first = start(["a", "b"]);
  assert.deepEqual(slots(first), ["a0", "b1"]);
  const second = start(["b", "c"], first);
  assert.deepEqual(slots(second), ["b1", "c0"]);
});

Deno.test("SignalSources says that a snapshot is stored when two more were taken", () => {
  const { sources, hear } = listener();
  hear(0);
  assert.deepEqual(sources.snapshotTaken(), []);
  hear(1);
  assert.deepEqual(sources.snapshotTaken(), []);
  hear(2);
  assert.deepEqual(told(sources.snapshotTaken()), [{ type: "kept", seq: 0 }]);
  assert.deepEqual(told(sources.open("s1"))[1], { type: "kept", seq: 0 });
});

Deno.test("isSnapshotDue() holds until the source was told that all that was taken is stored, though nothing more comes", () => {
  const { sources, hear } = listener();
  assert.equal(sources.isSnapshotDue(), false);
  for (const seq of [0, 1, 2]) hear(seq);
  const kept: unknown[] = [];
  // Far more than it can take, so that a mistake ends.
  for (let taken = 0; taken < 10 && sources.isSnapshotDue(); taken++) {
    kept.push(...told(sources.snapshotTaken()));
  }
  assert.equal(sources.isSnapshotDue(), false);
  assert.deepEqual(kept, [{ type: "kept", seq: 2 }]);
});
