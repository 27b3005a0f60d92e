import assert from "node:assert/strict";
import fc from "fast-check";
import {
  NEW_ROWS_PER_FRAME,
  RowAdmission,
} from "../../../lib/ui/fleet/row_admission.ts";

const IDS = [..."abcdefghijklmnop"];
const steps = fc.array(
  fc.record({
    ids: fc.shuffledSubarray(IDS),
    isFrame: fc.boolean(),
    focus: fc.nat(),
  }),
  { minLength: 1, maxLength: 12 },
);

Deno.test("RowAdmission lets at most a few rows in with a frame, moves none that stays, and keeps the one with the focus", () => {
  fc.assert(fc.property(steps, (steps) => {
    const admission = new RowAdmission([]);
    let before: readonly string[] = [];
    let entered = 0;
    for (const { ids, isFrame, focus } of steps) {
      if (isFrame) {
        admission.onFrame();
        entered = 0;
      }
      const focusable = before.filter((id) => ids.includes(id));
      const keep = focusable[focus % focusable.length] ?? null;
      const { drawn } = admission.admit({
        ids,
        urgent: ids.toReversed(),
        keep,
      });
      const now = ids.filter((id) => drawn.has(id));
      assert.equal(now.length, drawn.size);
      if (keep !== null) assert.ok(drawn.has(keep));
      const stayed = now.filter((id) => before.includes(id));
      assert.deepEqual(stayed, before.filter((id) => drawn.has(id)));
      entered += now.length - stayed.length;
      assert.ok(entered <= NEW_ROWS_PER_FRAME);
      // None comes above one that stays while others go: that would move it.
      const isPure = stayed.length === before.length;
      const last = now.findLastIndex((id) => before.includes(id));
      assert.ok(isPure || stayed.length === last + 1);
      before = now;
    }
  }));
});

Deno.test("RowAdmission has drawn all rows after as many frames as they need, and one where some had to go", () => {
  fc.assert(
    fc.property(
      fc.subarray(IDS),
      fc.shuffledSubarray(IDS),
      (painted, ids) => {
        const admission = new RowAdmission(painted);
        const wanted = { ids, urgent: ids, keep: null };
        let frames = 1;
        while (!admission.admit(wanted).isAll) {
          admission.onFrame();
          frames++;
        }
        assert.ok(frames <= Math.ceil(ids.length / NEW_ROWS_PER_FRAME) + 1);
        assert.equal(admission.admit(wanted).drawn.size, ids.length);
      },
    ),
  );
});

Deno.test("RowAdmission draws first what is needed first", () => {
  const ids = IDS.slice(0, 6);
  const { drawn, isAll } = new RowAdmission([])
    .admit({ ids, urgent: ids.toReversed(), keep: null });
  assert.deepEqual([...drawn].sort(), ["c", "d", "e", "f"]);
  assert.equal(isAll, false);
});
