// deno-lint-ignore-file no-console -- the count of points is the result
import assert from "node:assert/strict";
import { countCrashPoints, runCrashPoint } from "./crash_points.ts";

Deno.test("venue simulation survives a kill at every single point of placing an order", async () => {
  await tryEveryPoint({ isPowerCut: false });
});

Deno.test("venue simulation survives a power cut at every single point of placing an order", async () => {
  await tryEveryPoint({ isPowerCut: true });
});

async function tryEveryPoint(options: { isPowerCut: boolean }): Promise<void> {
  const calm = await countCrashPoints();
  assert.deepEqual(calm.violations, []);
  assert.ok(calm.points > 100, `The story has ${calm.points} points`);
  assert.ok(calm.entries >= 1 && calm.exits >= 1 && calm.trades >= 2);
  let adopted = 0;
  for (let point = 1; point <= calm.points; point++) {
    // deno-lint-ignore no-await-in-loop -- one world at a time
    const run = await runCrashPoint(point, options);
    const name = `${options.isPowerCut ? "power-cut" : "kill"}:${point}`;
    assert.equal(run.boots, 2, name);
    assert.deepEqual(
      run.violations,
      [],
      `deno task sim --venue --crash-point ${name}`,
    );
    adopted += run.adopted;
  }
  console.log(
    `${calm.points} of ${calm.points} points, ${adopted} lost orders taken in`,
  );
}
