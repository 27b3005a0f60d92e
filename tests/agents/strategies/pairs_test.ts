import assert from "node:assert/strict";
import type { AgentDecided } from "../../../lib/contracts/links.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { agentConfig, AgentRun, startConfig } from "../fixtures/agent_run.ts";
import { pairCandles } from "../fixtures/pair_candles.ts";

const WINDOW = 100;
const SEEDS = [1, 2, 3, 4];
const COUNT = 1_500;

const config = (pairs: object = {}) =>
  startConfig({
    config: agentConfig({
      strategies: {
        orderBlock: { enabled: false },
        fvg: { enabled: false },
        pairs: { enabled: true, windowCandles: WINDOW, ...pairs },
      },
    }),
  });

function run(candles: readonly Candle[], pairs: object = {}): AgentRun {
  const agent = new AgentRun(config(pairs));
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

const exits = (pairs: object = {}) =>
  SEEDS.flatMap((seed) =>
    run(pairCandles({ seed, count: COUNT }), pairs).desk.exits
  );

Deno.test("PairsStrategy enters both legs at the market, one bought and one sold, with a stop and no target", () => {
  let entries = 0;
  for (const seed of SEEDS) {
    const candles = pairCandles({ seed, count: COUNT });
    for (const intent of run(candles).desk.intents) {
      entries++;
      const bar = candles[intent.seq]!;
      const { hedge } = intent;
      assert.ok(hedge !== undefined, `seed ${seed}`);
      assert.notEqual(hedge.side, intent.side);
      assert.equal(intent.entry.type, "market");
      assert.equal(intent.targetPrice, null);
      const sign = intent.side === "buy" ? 1 : -1;
      assert.ok(sign * (bar.close - intent.stopPrice) > 0);
      // Beta is that of the value of both legs, about one in this market.
      const beta = hedge.ratio * bar.hedge!.close / bar.close;
      assert.ok(beta > 0 && beta < 2, `beta ${beta}`);
      assert.match(intent.reasons[0]!, /^Spread to ETH\/USDT/);
      assert.match(intent.reasons[1]!, /^Half-life of \d+ candles, beta of/);
    }
  }
  assert.ok(entries > 20, `${entries} entries`);
});

Deno.test("PairsStrategy closes when the spread is back", () => {
  const back = exits().filter((reason) => /^The spread is back/.test(reason));
  assert.ok(back.length > 10, `${back.length}`);
});

Deno.test("PairsStrategy closes when the spread goes on to the stop", () => {
  const out = exits({ entryZ: 1, stopZ: 1.3 }).filter((reason) =>
    /standard deviations out, the stop is at 1.3$/.test(reason)
  );
  assert.ok(out.length > 5, `${out.length}`);
});

Deno.test("PairsStrategy closes after the half-lives that it may be held", () => {
  const held = exits({ holdHalfLives: 0.5, exitZ: 0 }).filter((reason) =>
    /^Held for \d+ candles$/.test(reason)
  );
  assert.ok(held.length > 5, `${held.length}`);
});

Deno.test("PairsStrategy closes when the half-life leaves its range, and enters none outside of it", () => {
  const left = exits({ minHalfLife: 8, maxHalfLife: 11 }).filter((reason) =>
    /half-life of the spread is out of its range/.test(reason)
  );
  assert.ok(left.length > 3, `${left.length}`);
  const slow = run(pairCandles({ seed: 1, count: COUNT }), {
    minHalfLife: 90,
    maxHalfLife: 500,
  });
  assert.equal(slow.desk.intents.length, 0);
});

Deno.test("PairsStrategy trades nothing without a second market", () => {
  const single = pairCandles({ seed: 1, count: 400 }).map(
    ({ hedge: _, ...bar }) => bar,
  );
  assert.equal(run(single).desk.intents.length, 0);
});

/** ln A and ln B turned around their start: the spread is mirrored, beta and half-life are the same. */
function mirrored(candles: readonly Candle[]): Candle[] {
  const turn = (p: Omit<Candle, "seq" | "openAt">, around: number) => ({
    open: around / p.open,
    close: around / p.close,
    high: around / p.low,
    low: around / p.high,
    volume: p.volume,
  });
  return candles.map(({ seq, openAt, hedge, ...bar }) => ({
    seq,
    openAt,
    ...turn(bar, 10_000),
    hedge: turn(hedge!, 2_500),
  }));
}

Deno.test("PairsStrategy makes the mirrored entries and exits in mirrored markets", () => {
  let entries = 0;
  for (const seed of SEEDS) {
    const candles = pairCandles({ seed, count: 800 });
    const ours = decisions(run(candles));
    const theirs = decisions(run(mirrored(candles)));
    const shape = (turned: boolean) => ({ seq, actions }: AgentDecided) => [
      seq,
      ...actions.map((action) => {
        if (action.kind !== "submit") return action.kind;
        entries++;
        return (action.intent.side === "buy") !== turned ? "long" : "short";
      }),
    ];
    assert.deepEqual(theirs.map(shape(true)), ours.map(shape(false)));
  }
  assert.ok(entries > 20, `${entries}`);
});

Deno.test("PairsStrategy decides on a prefix as on all candles, and goes on after restarts", () => {
  for (const seed of SEEDS.slice(0, 2)) {
    const candles = pairCandles({ seed, count: COUNT });
    const all = decisions(run(candles));
    const some = decisions(run(candles.slice(0, 900)));
    assert.deepEqual(some, all.filter(({ seq }) => seq < 900), `seed ${seed}`);
    const restarted = new AgentRun(config());
    for (const bar of candles) {
      restarted.feed([bar]);
      if ((bar.seq * 7919 + seed) % 37 === 0) restarted.restart();
    }
    assert.deepEqual(decisions(restarted), all, `seed ${seed}`);
  }
});
