import assert from "node:assert/strict";
import fc from "fast-check";
import { EntryBreaker } from "../../../agents/execution_plan/breaker.ts";
import { PRESET_EXECUTION } from "../../../agents/execution_plan/presets.ts";
import { executionConfigSchema } from "../../../lib/contracts/execution_config.ts";

const CONFIG = {
  breakerFailures: 3,
  breakerWindowCandles: 10,
  breakerOpenCandles: 4,
  breakerOpenings: 3,
};
const WHY = { cause: "Denied", config: CONFIG };

function opened(seq = 0): EntryBreaker {
  const breaker = new EntryBreaker();
  for (let count = 0; count < 3; count++) breaker.failed(seq, WHY);
  return breaker;
}

Deno.test("executionConfigSchema presets are those of agents without a choice of their own", () => {
  assert.deepEqual(executionConfigSchema.parse({}), PRESET_EXECUTION);
});

Deno.test("EntryBreaker opens after the failures of the window only", () => {
  const breaker = new EntryBreaker();
  breaker.failed(0, WHY);
  breaker.failed(5, WHY);
  assert.equal(breaker.failed(10, WHY), null);
  assert.equal(breaker.refusal(10), null);
  assert.match(breaker.failed(11, WHY)!, /opens for 4 candles: Denied/);
  assert.match(breaker.refusal(14)!, /open until candle 15/);
  assert.equal(breaker.refusal(15), null);
});

Deno.test("EntryBreaker shows how it stands without changing", () => {
  const breaker = opened();
  const stand = (seq: number) => {
    const { state, candlesLeft, failures } = breaker.view(seq, 10);
    return [state, candlesLeft, failures];
  };
  assert.deepEqual(stand(1), ["open", 3, 0]);
  assert.deepEqual(stand(4), ["half_open", null, 0]);
  assert.equal(breaker.state, "open");
  const fresh = new EntryBreaker();
  fresh.failed(0, WHY);
  assert.equal(fresh.view(9, 10).failures, 1);
  assert.equal(fresh.view(10, 10).failures, 0);
});

Deno.test("EntryBreaker half open lets one entry through, and closes when that succeeds", () => {
  const breaker = opened();
  assert.equal(breaker.refusal(4), null);
  breaker.began();
  assert.match(breaker.refusal(4)!, /half open/);
  assert.equal(breaker.refusal(4, { isRetry: true }), null);
  breaker.withdrew();
  assert.equal(breaker.refusal(5), null);
  breaker.began();
  breaker.succeeded();
  assert.equal(breaker.state, "closed");
  assert.equal(breaker.refusal(5), null);
});

Deno.test("EntryBreaker stays open twice as long each time, and in the end until a person has looked", () => {
  const breaker = opened();
  breaker.refusal(4);
  breaker.began();
  assert.match(breaker.failed(4, WHY)!, /for 8 candles/);
  breaker.refusal(12);
  breaker.began();
  assert.match(breaker.failed(12, WHY)!, /waits for a person/);
  assert.match(breaker.refusal(1_000_000)!, /pauses and resumes/);
  breaker.reset();
  assert.equal(breaker.refusal(13), null);
});

Deno.test("EntryBreaker of no failures never opens", () => {
  const breaker = new EntryBreaker();
  const config = { ...CONFIG, breakerFailures: 0 };
  for (let seq = 0; seq < 100; seq++) {
    assert.equal(breaker.failed(seq, { cause: "x", config }), null);
  }
  assert.equal(breaker.refusal(100), null);
});

Deno.test("EntryBreaker lets nothing through while it is open, and goes on from a snapshot at any time", () => {
  const act = fc.constantFrom("fail", "succeed", "enter", "withdraw", "trip");
  fc.assert(
    fc.property(
      fc.array(fc.tuple(act, fc.nat(3)), { maxLength: 60 }),
      (acts) => {
        const breaker = new EntryBreaker();
        let copy = new EntryBreaker();
        let seq = 0;
        let entered = 0;
        for (const [what, candles] of acts) {
          seq += candles;
          for (const each of [breaker, copy]) {
            if (what === "fail") each.failed(seq, WHY);
            else if (what === "trip") each.trip(seq, WHY);
            else if (what === "succeed") each.succeeded();
            else if (what === "withdraw") each.withdrew();
            else if (each.refusal(seq) === null) each.began();
          }
          if (breaker.state === "half_open") {
            entered = breaker.snapshot().isTrying ? 1 : 0;
            assert.equal(breaker.refusal(seq) !== null, entered === 1);
          } else if (breaker.state !== "closed") {
            const { untilSeq, state } = breaker.snapshot();
            if (state === "latched" || seq < untilSeq) {
              assert.notEqual(breaker.refusal(seq), null);
            }
          }
          const restored = new EntryBreaker();
          restored.restore(structuredClone(copy.snapshot()));
          copy = restored;
          assert.deepEqual(copy.snapshot(), breaker.snapshot());
        }
      },
    ),
  );
});
