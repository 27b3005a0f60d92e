import assert from "node:assert/strict";
import { CRASH_STORIES, smallScenario, stopScenario } from "./crash_points.ts";
import { runSeed } from "./run.ts";

/** Seeds of the gate; `deno task sim` runs more. */
const SEEDS = 10;

/** Every so many crash points of the stories are tried in the gate; the task tries more. */
const CRASH_POINT_STEP = 31;

/** Segments of journals that these seeds start at least, so that what is kept is kept across them. */
const SEGMENTS_MIN = 50;

Deno.test(`simulation keeps every promise on ${SEEDS} seeds`, async () => {
  let started = 0;
  for (let seed = 1; seed <= SEEDS; seed++) {
    // deno-lint-ignore no-await-in-loop -- one world at a time
    const { violations, segments } = await runSeed(seed);
    assert.deepEqual(violations, [], `deno task sim --seed ${seed}`);
    started += segments;
  }
  assert.ok(started >= SEGMENTS_MIN, `${started} segments were started`);
});

Deno.test("simulation of one seed is the same step by step when it is repeated", async () => {
  const first = await runSeed(2);
  const second = await runSeed(2);
  const other = await runSeed(3);
  assert.ok(first.steps > 1_000);
  assert.deepEqual(second, first);
  assert.notEqual(other.trace, first.trace);
});

for (const story of CRASH_STORIES) {
  Deno.test(`simulation survives a kill at any point of ${story.name}`, async () => {
    const points = await story.countPoints();
    assert.ok(points > 100, `The story has ${points} points`);
    for (let point = 1; point <= points; point += CRASH_POINT_STEP) {
      // deno-lint-ignore no-await-in-loop -- one world at a time
      const { boots, violations } = await story.run(point);
      assert.equal(boots, 2);
      assert.deepEqual(violations, [], `--crash-point ${story.name}:${point}`);
    }
  });
}

Deno.test("simulation stops an agent that has a position, which closing makes a trade", async () => {
  const run = (positions: "close" | "keep") =>
    runSeed(7, {
      scenario: { ...stopScenario(positions, 1), faults: [] },
    });
  const closed = await run("close");
  const kept = await run("keep");
  assert.deepEqual([closed.violations, kept.violations], [[], []]);
  assert.equal(closed.trades, kept.trades + 1);
});

Deno.test("simulation lets an agent go on whose restarts a full store has missed", async () => {
  const { agents, ...small } = smallScenario();
  const { violations, trades } = await runSeed(7, {
    restMs: 120_000,
    scenario: {
      ...small,
      chaosMs: 30_000,
      commands: [],
      agents: agents.map((plan) => ({
        ...plan,
        candles: 240,
        isLeftAlone: true,
      })),
      faults: [
        { atMs: 2_500, kind: "store", mode: "full", forMs: 20_000 },
        { atMs: 3_000, kind: "crash", target: 0 },
        { atMs: 8_000, kind: "crash", target: 0 },
        { atMs: 13_000, kind: "crash", target: 0 },
        { atMs: 20_000, kind: "kill_host", afterPoints: 1, isPowerCut: false },
      ],
    },
  });
  assert.deepEqual(violations, []);
  assert.ok(trades > 0);
});

Deno.test("simulation lets trading go on when the answer of the desk that was held got lost", async () => {
  const { agents, ...small } = smallScenario();
  const { violations, trades } = await runSeed(7, {
    restMs: 60_000,
    scenario: {
      ...small,
      chaosMs: 20_000,
      commands: [],
      agents: agents.map((plan) => ({
        ...plan,
        candles: 240,
        isLeftAlone: true,
      })),
      faults: [
        { atMs: 3_000, kind: "store", mode: "partitioned", forMs: 8_000 },
        { atMs: 3_000, kind: "drop_acks", target: "desk", count: 2 },
      ],
    },
  });
  assert.deepEqual(violations, []);
  assert.ok(trades > 0);
});
