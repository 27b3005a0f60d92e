import assert from "node:assert/strict";
import fc from "fast-check";
import {
  planStudy,
  type RowRange,
  type StudyRows,
} from "../../../lib/inference/dataset/folds.ts";
import { exportFixture, inFolder } from "./dataset_run.ts";

const STEP_MS = 60_000;

/** Rows whose labels are decided up to `longest` candles later. */
const studies: fc.Arbitrary<StudyRows> = fc.tuple(
  fc.integer({ min: 5_000, max: 8_000 }),
  fc.integer({ min: 1, max: 200 }),
  fc.nat(),
).map(([rows, longest, salt]) => {
  const openAt = Float64Array.from({ length: rows }, (_, row) => row * STEP_MS);
  const touchAt = openAt.map((at, row) =>
    at + STEP_MS * (1 + (row * 7_919 + salt) % longest)
  );
  return { rows, openAt, touchAt };
});
const foldCounts = fc.integer({ min: 1, max: 4 });

function rowsOf([from, to]: RowRange): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

Deno.test("planStudy(): no label that is learned from reaches into what is measured", () => {
  fc.assert(
    fc.property(studies, foldCounts, (study, folds) => {
      const plan = planStudy(study, { folds });
      assert.equal(plan.folds.length, folds);
      const pairs = [
        ...[...plan.folds, plan.last].map(({ train, validation }) =>
          [train, validation] as const
        ),
        [plan.last.validation, plan.last.test] as const,
        [plan.last.train, plan.last.test] as const,
      ];
      for (const [older, newer] of pairs) {
        assert.ok(older[1] + plan.embargoRows <= newer[0], "embargo");
        const measuredFrom = study.openAt[newer[0]]!;
        assert.ok(
          rowsOf(older).every((row) => study.touchAt[row]! < measuredFrom),
        );
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("planStudy(): no fold to choose by has a label that reaches into the last segment", () => {
  fc.assert(
    fc.property(studies, foldCounts, (study, folds) => {
      const plan = planStudy(study, { folds });
      const testFrom = study.openAt[plan.last.test[0]]!;
      for (const { train, validation } of [...plan.folds, plan.last]) {
        for (const row of [...rowsOf(train), ...rowsOf(validation)]) {
          assert.ok(study.touchAt[row]! < testFrom);
        }
      }
      assert.equal(plan.last.test[1], study.rows);
    }),
    { numRuns: 20 },
  );
});

Deno.test("planStudy(): folds learn from all rows before, and purge no more than they must", () => {
  const rows = 6_000;
  const openAt = Float64Array.from({ length: rows }, (_, row) => row);
  const touchAt = openAt.map((at) => at + 100);
  const plan = planStudy({ rows, openAt, touchAt }, { folds: 2 });
  assert.deepEqual(plan, {
    embargoRows: 60,
    folds: [
      { train: [0, 3_400], validation: [3_500, 3_900] },
      { train: [0, 3_900], validation: [4_000, 4_400] },
    ],
    last: {
      train: [0, 4_400],
      validation: [4_500, 4_900],
      test: [5_000, 6_000],
    },
  });
});

Deno.test("planStudy() refuses rows that are too few for their folds", () => {
  const openAt = Float64Array.from({ length: 1_000 }, (_, row) => row);
  const study = { rows: 1_000, openAt, touchAt: openAt };
  assert.throws(
    () => planStudy(study, { folds: 8 }),
    /1000 rows are too few for 8 folds and a last segment: a part would have -?\d+ of at least 100/,
  );
});

Deno.test("ml dataset --folds writes the cuts of a study beside the rows, and the closes into them", () =>
  inFolder(async (folder) => {
    const whole = await exportFixture(folder);
    assert.equal(whole.meta.study, null);
    const { meta, records } = await exportFixture(folder, ["--folds", "2"]);
    assert.equal(meta.study.folds.length, 2);
    const { test, train } = meta.study.last;
    assert.equal(test[1], records.length);
    assert.ok(
      records[train[1] - 1]!.touchAt < records[test[0]]!.openAt,
    );
    assert.ok(records.every(({ close }) => close > 0));
  }));
