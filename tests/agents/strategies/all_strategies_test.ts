import assert from "node:assert/strict";
import type { AgentDecided } from "../../../lib/contracts/links.ts";
import type { OrderIntent } from "../../../lib/contracts/order.ts";
import type { AgentConfigInput } from "../../../lib/contracts/agent_config.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { agentConfig, AgentRun, startConfig } from "../fixtures/agent_run.ts";
import { randomWalk } from "../fixtures/candles.ts";
import { detect } from "../fixtures/run_detectors.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const COUNT = 1_500;

/** Every strategy with wide doors, so that all of them trade on a random walk. */
const STRATEGIES: AgentConfigInput["strategies"] = {
  orderBlock: { minRewardRisk: 0.5, targetR: 1 },
  fvg: { minGapAtr: 0.2, minBodyPct: 20, minRewardRisk: 0.5, targetR: 1 },
  liquiditySweep: {
    enabled: true,
    minWickPct: 10,
    minRewardRisk: 0.5,
    maxPoolAgeCandles: 5_000,
    stopBufferAtr: 1.5,
    maxHoldCandles: 12,
  },
  breakout: {
    enabled: true,
    maxSqueezePercentile: 80,
    squeezeCandles: 50,
    channelCandles: 10,
    volumeRatio: 1,
    exit: "trail",
  },
  meanReversion: {
    enabled: true,
    maxAdx: 30,
    entryZ: 1.6,
    minRewardRisk: 0.5,
    maxHoldCandles: 12,
  },
};

const CONFIG = startConfig({
  config: agentConfig({
    strategies: STRATEGIES,
    sizing: { method: "kelly", kellyTrades: 20 },
    detector: { swingLength: 3, liquidityToleranceAtr: 0.5 },
  }),
});

const candlesOf = (seed: number) =>
  // Prices in binary fractions, so that their mirror is exact.
  randomWalk({ seed, count: COUNT, tick: 1 / 64, start: 128 });

function run(candles: readonly Candle[]): AgentRun {
  const agent = new AgentRun(CONFIG);
  agent.feed(candles);
  return agent;
}

function decisions({ outputs }: AgentRun): AgentDecided[] {
  return outputs.flatMap((output) => {
    if (output.to !== "link") return [];
    const message = output.message as AgentDecided;
    return message.type === "decided" && message.actions.length > 0
      ? [message]
      : [];
  });
}

Deno.test("PatternDetector trades every strategy and ends positions by every rule", () => {
  const strategies = new Set<string>();
  const exits = new Set<string>();
  let stops = 0;
  for (const seed of SEEDS) {
    const { desk } = run(candlesOf(seed));
    for (const { strategy } of desk.intents) strategies.add(strategy);
    for (const reason of desk.exits) exits.add(reason.replace(/[\d.-]+/g, "#"));
    stops += desk.stops.length;
  }
  assert.deepEqual([...strategies].sort(), [
    "breakout",
    "fvg",
    "liquiditySweep",
    "meanReversion",
    "orderBlock",
  ]);
  assert.deepEqual([...exits].sort(), [
    "A second candle closed behind the pool at #",
    "Held for # candles",
    "Structure broke against the position",
    "The breakout failed: a candle closed back behind #",
    "The close is # standard deviations beyond its mean, the exit is at #",
  ]);
  assert.ok(stops > 20, `${stops} stops were moved`);
});

Deno.test("PatternDetector decides on a prefix of the candles as on all of them", () => {
  for (const seed of SEEDS.slice(0, 3)) {
    const candles = candlesOf(seed);
    const all = decisions(run(candles));
    for (const length of [100, 777, 1_200]) {
      const some = decisions(run(candles.slice(0, length)));
      const expected = all.filter(({ seq }) => seq < length);
      assert.deepEqual(some, expected, `seed ${seed}, ${length} candles`);
    }
  }
});

Deno.test("PatternDetector goes on with the same decisions after restarts at random candles", () => {
  for (const seed of SEEDS) {
    const candles = candlesOf(seed);
    const straight = decisions(run(candles));
    const rng = createRng(seed + 100);
    const restarted = new AgentRun(CONFIG);
    for (const candle of candles) {
      restarted.feed([candle]);
      if (rng.next() < 0.03) restarted.restart();
    }
    assert.deepEqual(decisions(restarted), straight, `seed ${seed}`);
  }
});

Deno.test("PatternDetector never moves a stop against its position, nor beyond the close", () => {
  for (const seed of SEEDS) {
    const candles = candlesOf(seed);
    const agent = run(candles);
    const intents = new Map(
      agent.desk.intents.map((intent) => [intent.intentId, intent]),
    );
    const stops = new Map<string, number>();
    for (const { seq, actions } of decisions(agent)) {
      for (const action of actions) {
        if (action.kind !== "moveStop") continue;
        const { side, stopPrice } = intents.get(action.intentId)!;
        const sign = side === "buy" ? 1 : -1;
        const before = stops.get(action.intentId) ?? stopPrice;
        assert.ok(sign * (action.stopPrice - before) > 0, `seed ${seed}`);
        assert.ok(sign * (candles[seq]!.close - action.stopPrice) > 0);
        stops.set(action.intentId, action.stopPrice);
      }
    }
  }
});

Deno.test("PatternDetector sizes no entry above the risk per trade", () => {
  for (const seed of SEEDS) {
    for (const { riskPct } of run(candlesOf(seed)).desk.intents) {
      assert.ok(riskPct > 0 && riskPct <= 0.25);
    }
  }
});

/** The prices turned upside down. */
function mirrored(candles: readonly Candle[]): Candle[] {
  return candles.map((candle) => ({
    ...candle,
    open: 256 - candle.open,
    high: 256 - candle.low,
    low: 256 - candle.high,
    close: 256 - candle.close,
  }));
}

/** Whether the detectors see the same market from both sides: a candle that is high and low of its swing at once counts as a high. */
function isSeenAlike(candles: readonly Candle[]): boolean {
  const sides = [candles, mirrored(candles)].map((side, place) =>
    detect(side, { swingLength: 3, liquidityToleranceAtr: 0.5 }).events
      .filter(({ kind }) => kind === "swing" || kind === "structure")
      .map((event) =>
        `${event.seq} ${event.stage} ${event.bias * (1 - 2 * place)}`
      )
  );
  return JSON.stringify(sides[0]) === JSON.stringify(sides[1]);
}

Deno.test("PatternDetector makes the mirrored entries in mirrored candles", () => {
  const near = (a: number | null, b: number | null) =>
    a === null || b === null
      ? assert.equal(a, b)
      : assert.ok(Math.abs(a + b - 256) < 1e-6, `${a} and ${b}`);
  let entries = 0;
  for (let seed = 1; seed <= 40; seed++) {
    const candles = candlesOf(seed).slice(0, 250);
    if (!isSeenAlike(candles)) continue;
    const ours: readonly OrderIntent[] = run(candles).desk.intents;
    const theirs = run(mirrored(candles)).desk.intents;
    assert.equal(theirs.length, ours.length, `seed ${seed}`);
    ours.forEach((intent, index) => {
      const other = theirs[index]!;
      assert.equal(other.intentId, intent.intentId);
      assert.equal(other.strategy, intent.strategy);
      assert.notEqual(other.side, intent.side);
      near(other.stopPrice, intent.stopPrice);
      near(other.targetPrice, intent.targetPrice);
    });
    entries += ours.length;
  }
  assert.ok(entries > 30, `${entries} entries`);
});
