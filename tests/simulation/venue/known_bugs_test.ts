// deno-lint-ignore-file no-console -- says which seed found a bug
import assert from "node:assert/strict";
import { KNOWN_VENUE_BUGS } from "./known_bugs.ts";
import { runVenueSeed } from "./run.ts";

/** Not every run is one in which a bug does harm. */
const SEEDS_MAX = 24;

for (const bug of KNOWN_VENUE_BUGS) {
  Deno.test(`venue oracle finds it when ${bug.name}`, async () => {
    for (let seed = 1; seed <= SEEDS_MAX; seed++) {
      const scenario = bug.scenario(seed);
      // deno-lint-ignore no-await-in-loop -- one world at a time, until it is found
      const { violations } = await runVenueSeed(seed, {
        scenario,
        bug: bug.create(),
      });
      const found = violations.find(({ promise }) =>
        bug.promises.includes(promise)
      );
      if (found === undefined) continue;
      console.log(`seed ${seed}: ${found.promise}: ${found.what}`);
      // It is the bug that is found: without it the same world keeps its promises.
      // deno-lint-ignore no-await-in-loop -- as above
      const clean = await runVenueSeed(seed, { scenario });
      assert.deepEqual(clean.violations, []);
      return;
    }
    assert.fail(`No seed up to ${SEEDS_MAX} shows it`);
  });
}
