import assert from "node:assert/strict";
import fc from "fast-check";
import { FrameBatch } from "../../../../lib/live/frames/frame_batch.ts";
import type { Frame } from "../../../../lib/live/frames/frames.ts";
import { TopicFilter } from "../../../../lib/live/frames/topic_filter.ts";

const TOPICS = ["agent:update", "market:update", "system:event", "logs:all"];

const frames = fc.array(
  fc.record({
    topics: fc.option(fc.subarray(TOPICS, { minLength: 1 })),
    conflateKey: fc.option(fc.constantFrom("a", "b")),
    bytes: fc.nat(1_000),
  }),
  { maxLength: 30 },
).map((drafts) =>
  drafts.map((draft, index): Frame => ({
    ...draft,
    seq: index + 1,
    json: "",
    sse: () => new Uint8Array(),
  }))
);

Deno.test("FrameBatch gives each filter what it accepts, in order, of each conflation key only the newest", () => {
  fc.assert(
    fc.property(frames, fc.subarray(TOPICS), (all, topics) => {
      const filter = new TopicFilter(topics);
      const expected = all.filter((frame, place) =>
        filter.accepts(frame) &&
        (frame.conflateKey === null ||
          !all.slice(place + 1).some((later) =>
            filter.accepts(later) && later.conflateKey === frame.conflateKey
          ))
      );
      assert.deepEqual(new FrameBatch(all).wantedBy(filter), expected);
    }),
  );
});

Deno.test("FrameBatch filters once for all clients with the same topics, whatever their order", () => {
  fc.assert(
    fc.property(frames, (all) => {
      const batch = new FrameBatch(all);
      assert.equal(
        batch.wantedBy(new TopicFilter(["logs:all", "system:event"])),
        batch.wantedBy(new TopicFilter(["system:event", "logs:all"])),
      );
    }),
  );
});

Deno.test("TopicFilter without topics accepts everything but market updates", () => {
  const of = (topics: readonly string[] | null) => ({ topics }) as Frame;
  const filter = new TopicFilter();
  assert.equal(filter.accepts(of(null)), true);
  assert.equal(filter.accepts(of(["system:event"])), true);
  assert.equal(filter.accepts(of(["market:update"])), false);
  const market = new TopicFilter(["market:update"]);
  assert.equal(market.accepts(of(["market:update"])), true);
  assert.equal(market.accepts(of(["system:event"])), false);
});
