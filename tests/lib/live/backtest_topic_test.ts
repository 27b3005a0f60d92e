import assert from "node:assert/strict";
import type { StreamEnvelope } from "../../../lib/contracts/stream.ts";
import { toFrame } from "../../../lib/live/frames/frames.ts";
import { TopicFilter } from "../../../lib/live/frames/topic_filter.ts";
import { sampleView } from "../backtest/sample_report.ts";

function updated(id: string): StreamEnvelope {
  return {
    v: 1,
    seq: null,
    topic: "backtest:update",
    type: "backtest.updated",
    at: "2026-09-01T00:00:00.000Z",
    data: sampleView({ id }),
  };
}

Deno.test("backtest:update reaches only who asks for it, and only the newest of each run waits", () => {
  const frame = toFrame(updated("bt_1"));
  assert.equal(new TopicFilter().accepts(frame), false);
  assert.equal(new TopicFilter(["agent:update"]).accepts(frame), false);
  assert.equal(new TopicFilter(["backtest:update"]).accepts(frame), true);
  assert.equal(frame.conflateKey, toFrame(updated("bt_1")).conflateKey);
  assert.notEqual(frame.conflateKey, toFrame(updated("bt_2")).conflateKey);
  const removed = toFrame({
    ...updated("bt_1"),
    type: "backtest.removed",
    data: { id: "bt_1" },
  } as StreamEnvelope);
  assert.equal(removed.conflateKey, null, "a removal is never overtaken");
});
