// deno-lint-ignore-file no-console -- the count of points is the result
import assert from "node:assert/strict";
import { runs } from "../../support/thorough.ts";
import {
  countCrashPoints,
  crashPointName,
  runCrashPoint,
  type VenueStory,
} from "./crash_points.ts";

/** Every so many points of a story are tried; `deno task sim --venue --crash-points all` tries all of both. */
const STEP = runs({ gate: 3, whole: 1 });
const PARTS_STEP = 7;

Deno.test("venue simulation survives a kill at the points of placing an order", async () => {
  await tryPoints({ isPowerCut: false, story: "order", step: STEP });
});

Deno.test("venue simulation survives a power cut at the points of placing an order", async () => {
  await tryPoints({ isPowerCut: true, story: "order", step: STEP });
});

Deno.test("venue simulation survives a kill between the orders of parts and of moves", async () => {
  await tryPoints({ isPowerCut: false, story: "parts", step: PARTS_STEP });
});

Deno.test("venue simulation survives a power cut between the orders of parts and of moves", async () => {
  await tryPoints({ isPowerCut: true, story: "parts", step: PARTS_STEP });
});

async function tryPoints(
  { isPowerCut, story, step }: {
    isPowerCut: boolean;
    story: VenueStory;
    step: number;
  },
): Promise<void> {
  const calm = await countCrashPoints(story);
  assert.deepEqual(calm.violations, []);
  assert.ok(calm.points > 100, `The story has ${calm.points} points`);
  assert.ok(calm.entries >= 1 && calm.exits >= 1 && calm.trades >= 2);
  if (story === "parts") {
    assert.ok(calm.parts > 0 && calm.moves > 0);
    assert.ok(calm.stops > 0 && calm.postOnly > 0);
  }
  let adopted = 0;
  for (let point = 1; point <= calm.points; point += step) {
    // deno-lint-ignore no-await-in-loop -- one world at a time
    const run = await runCrashPoint(point, { isPowerCut, story });
    const name = crashPointName({ story, isPowerCut, point });
    assert.equal(run.boots, 2, name);
    assert.deepEqual(
      run.violations,
      [],
      `deno task sim --venue --crash-point ${name}`,
    );
    adopted += run.adopted;
  }
  console.log(
    `Every ${step}. of ${calm.points} points, ${adopted} lost orders taken in`,
  );
}
