import assert from "node:assert/strict";
import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import { FeatureRows } from "../../../agents/ensemble/feature_rows.ts";
import { ROWS_KEPT } from "../../../agents/ensemble/limits.ts";
import { MODEL_WINDOW_MAX } from "../../../lib/contracts/model.ts";

Deno.test("FeatureRows keep the newest rows side by side, also after a snapshot", () => {
  let rows = new FeatureRows();
  for (let seq = 0; seq < 3 * ROWS_KEPT; seq++) {
    rows.push(new Float32Array(FEATURE_COUNT).fill(seq));
    if (seq % 37 === 0) {
      const copy = new FeatureRows();
      copy.restore(structuredClone(rows.snapshot()));
      rows = copy;
    }
    const count = Math.min(seq + 1, ROWS_KEPT);
    assert.equal(rows.count, count);
    const tail = rows.tail(count);
    assert.equal(tail[0], seq - count + 1);
    assert.equal(tail.at(-1), seq);
    assert.equal(rows.newest[0], seq);
  }
});

Deno.test("FeatureRows keep as many rows as the longest window of a model", () => {
  assert.equal(ROWS_KEPT, MODEL_WINDOW_MAX);
});
