import assert from "node:assert/strict";
import fc from "fast-check";
import type { DeskStepped } from "../../lib/contracts/links.ts";
import { DefectError } from "../../lib/core/assert.ts";
import { packCandles } from "../../agents/market/candle_batch.ts";
import {
  CANDLE_BATCHES_LIMIT,
  DESK_STEPS_LIMIT,
  StepSequencer,
} from "../../agents/step_sequencer.ts";
import { randomWalk, toBatches } from "./fixtures/candles.ts";

const CANDLES = randomWalk({ seed: 21, count: 600 });

function step(seq: number): DeskStepped {
  return {
    type: "stepped",
    seq,
    events: [],
    equity: null,
    hasPosition: false,
    tradingState: "active",
  };
}

function batch(from: number, to: number) {
  return packCandles(CANDLES.slice(from, to));
}

/** Takes all that is ready; returns `seq:open of the candle`. */
function drain(sequencer: StepSequencer): string[] {
  const taken: string[] = [];
  while (sequencer.isReady) {
    const { batch, batchIndex, step } = sequencer;
    taken.push(`${step.seq}:${batch.packed[batchIndex * 6 + 1]}`);
    sequencer.advance();
  }
  return taken;
}

function expected(from: number, to: number): string[] {
  return CANDLES.slice(from, to).map((candle) =>
    `${candle.seq}:${candle.open}`
  );
}

Deno.test("StepSequencer joins candles and steps in order, whatever the interleaving", () => {
  fc.assert(fc.property(
    fc.integer({ min: 1, max: 1_000_000 }),
    fc.integer({ min: 1, max: 20 }),
    fc.infiniteStream(fc.boolean()),
    (seed, most, choices) => {
      const batches = toBatches(CANDLES.slice(0, 100), { seed, most });
      const steps = CANDLES.slice(0, 100).map((candle) => step(candle.seq));
      const sequencer = new StepSequencer(-1);
      const taken: string[] = [];
      while (batches.length + steps.length > 0) {
        const takesBatch = choices.next().value === true;
        if (steps.length === 0 || (takesBatch && batches.length > 0)) {
          sequencer.offerCandles(batches.shift()!);
        } else sequencer.offerStep(steps.shift()!);
        taken.push(...drain(sequencer));
      }
      assert.deepEqual(taken, expected(0, 100));
      assert.equal(sequencer.decidedSeq, 99);
    },
  ));
});

Deno.test("StepSequencer decides nothing without both halves", () => {
  const sequencer = new StepSequencer(-1);
  sequencer.offerCandles(batch(0, 5));
  assert.deepEqual(drain(sequencer), []);
  const other = new StepSequencer(-1);
  other.offerStep(step(0));
  assert.deepEqual(drain(other), []);
  assert.throws(() => other.advance(), DefectError);
});

Deno.test("StepSequencer ignores what was decided before a restart", () => {
  const sequencer = new StepSequencer(9);
  sequencer.offerCandles(batch(0, 5));
  sequencer.offerCandles(batch(5, 15));
  for (let seq = 7; seq < 15; seq++) sequencer.offerStep(step(seq));
  assert.deepEqual(drain(sequencer), expected(10, 15));
});

Deno.test("StepSequencer refuses gaps and repeats of what waits", () => {
  const wrong: ((sequencer: StepSequencer) => void)[] = [
    (sequencer) => sequencer.offerCandles(batch(11, 12)),
    (sequencer) => sequencer.offerStep(step(11)),
    (sequencer) => sequencer.offerStep(step(NaN)),
    (sequencer) => {
      sequencer.offerCandles(batch(10, 12));
      sequencer.offerCandles(batch(10, 12));
    },
    (sequencer) => {
      sequencer.offerCandles(batch(10, 12));
      sequencer.offerCandles(batch(8, 14));
    },
    (sequencer) => {
      sequencer.offerStep(step(10));
      sequencer.offerStep(step(10));
    },
  ];
  for (const offer of wrong) {
    assert.throws(() => offer(new StepSequencer(9)), DefectError);
  }
});

Deno.test("StepSequencer takes everything again after a link was opened anew", () => {
  const sequencer = new StepSequencer(-1);
  sequencer.offerCandles(batch(0, 10));
  for (let seq = 0; seq < 4; seq++) sequencer.offerStep(step(seq));
  assert.equal(drain(sequencer).length, 4);
  sequencer.offerStep(step(4));
  sequencer.reopenFeed();
  sequencer.offerCandles(batch(4, 12));
  assert.deepEqual(drain(sequencer), expected(4, 5));
  sequencer.reopenDesk();
  for (let seq = 3; seq < 12; seq++) sequencer.offerStep(step(seq));
  assert.deepEqual(drain(sequencer), expected(5, 12));
});

Deno.test("StepSequencer keeps its queues within their limits", () => {
  const feed = new StepSequencer(-1);
  for (let seq = 0; seq < CANDLE_BATCHES_LIMIT; seq++) {
    feed.offerCandles(batch(seq, seq + 1));
  }
  const next = CANDLE_BATCHES_LIMIT;
  assert.throws(() => feed.offerCandles(batch(next, next + 1)), DefectError);
  const desk = new StepSequencer(-1);
  for (let seq = 0; seq < DESK_STEPS_LIMIT; seq++) desk.offerStep(step(seq));
  assert.throws(() => desk.offerStep(step(DESK_STEPS_LIMIT)), DefectError);
});
