import assert from "node:assert/strict";
import fc from "fast-check";
import {
  entryOrderOf,
  expectedPrice,
  slippagePct,
  whyNotEnter,
} from "../../../agents/execution_plan/entry_order.ts";
import {
  attemptId,
  ATTEMPTS_MAX,
  openPlan,
} from "../../../agents/execution_plan/entry_plan.ts";
import {
  courseOf,
  isFailure,
} from "../../../agents/execution_plan/refusals.ts";
import { PRESET_EXECUTION } from "../../../agents/execution_plan/presets.ts";
import {
  DENIAL_CAUSES,
  REFUSAL_CAUSES,
  type RefusalCause,
} from "../../../lib/contracts/denials.ts";
import {
  SIGNALS_PER_CANDLE_MAX,
  SOURCES_MAX,
} from "../../../lib/contracts/signal.ts";
import { enterSignal } from "../signals/fixtures.ts";

const anySide = fc.constantFrom("buy", "sell");
const anyPrice = fc.double({ min: 1, max: 100_000, noNaN: true });
const anyOffset = fc.double({ min: 0, max: 5, noNaN: true });

/** A signal of which both sides have their stop and target where they belong. */
function signalAt(side: "buy" | "sell", price: number) {
  const sign = side === "buy" ? 1 : -1;
  return enterSignal({
    seq: 1,
    side,
    price,
    stopPrice: price * (1 - sign * 0.2),
    targetPrice: price * (1 + sign * 0.2),
  });
}

Deno.test("entryOrderOf() makes a limit better and a stop worse than the signal's price, by the offset", () => {
  fc.assert(
    fc.property(anySide, anyPrice, anyOffset, (side, price, offsetPct) => {
      const signal = signalAt(side, price);
      for (const order of ["limit", "post_only", "stop"] as const) {
        const entry = entryOrderOf(signal, { order, offsetPct });
        assert.ok(entry.type !== "market");
        const worse = slippagePct(signal, entry.price);
        const wanted = order === "stop" ? offsetPct : -offsetPct;
        assert.ok(Math.abs(worse - wanted) < 1e-9);
      }
    }),
  );
});

Deno.test("expectedPrice() of a limit is never worse than its price, of a stop never better", () => {
  fc.assert(
    fc.property(
      anySide,
      anyPrice,
      fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      (side, price, move) => {
        const signal = signalAt(side, price);
        const close = price * move;
        const at = (type: "limit" | "stop") =>
          slippagePct(signal, expectedPrice(signal, { type, price }, close));
        assert.ok(at("limit") <= 1e-9);
        assert.ok(at("stop") >= -1e-9);
        assert.equal(expectedPrice(signal, { type: "market" }, close), close);
      },
    ),
  );
});

Deno.test("whyNotEnter() refuses exactly what is worse by more than the limit", () => {
  fc.assert(
    fc.property(
      anySide,
      anyPrice,
      fc.double({ min: 0.9, max: 1.1, noNaN: true }),
      fc.double({ min: 0.01, max: 10, noNaN: true }),
      (side, price, move, maxSlippagePct) => {
        const signal = signalAt(side, price);
        const close = price * move;
        const unmade = whyNotEnter(signal, {
          entry: { type: "market" },
          close,
          maxSlippagePct,
        });
        const isWorse = slippagePct(signal, close) > maxSlippagePct;
        assert.equal(unmade?.isSlippage ?? false, isWorse);
      },
    ),
  );
});

Deno.test("attemptId() is unique for source, signal and attempt, and made of the signal alone", () => {
  const ids = new Set<string>();
  for (let slot = 0; slot < SOURCES_MAX; slot++) {
    for (const number of [0, 1, SIGNALS_PER_CANDLE_MAX - 1]) {
      for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
        const signal = enterSignal({ seq: 7, number });
        const plan = openPlan({ sourceId: "s", slot, signal });
        const id = attemptId({ ...plan, attempts })!;
        assert.match(id, /^7\.\d+$/);
        ids.add(id);
      }
    }
  }
  assert.equal(ids.size, SOURCES_MAX * 3 * ATTEMPTS_MAX);
  for (const signalId of ["7.100", "8.1", "7", "7.1.1", "7.-1", "7.x"]) {
    const signal = { ...enterSignal({ seq: 7 }), signalId };
    assert.equal(attemptId(openPlan({ sourceId: "s", slot: 0, signal })), null);
  }
});

Deno.test("courseOf() has a course for every cause, and never sends again what may be at the venue", () => {
  const course = (cause: RefusalCause, isDenied = true) =>
    courseOf({ cause, isDenied, detail: "" }, {
      ...PRESET_EXECUTION,
      onUnknownOutcome: "retry",
    });
  for (const cause of Object.keys(REFUSAL_CAUSES) as RefusalCause[]) {
    assert.ok(["retry", "give_up", "trip"].includes(course(cause)), cause);
  }
  assert.equal(course("unknown_outcome"), "retry");
  assert.equal(course("unknown_outcome", false), "give_up");
  assert.equal(course("withdrawn"), "give_up");
  assert.equal(course("expired"), "retry");
  assert.equal(course("expired", false), "give_up");
  // What a person or a limit forbids is nobody's failure.
  for (const code of ["EMERGENCY_STOP", "AGENT_NOT_RUNNING"] as const) {
    const cause = DENIAL_CAUSES[code];
    assert.equal(isFailure({ cause, isDenied: true, detail: "" }), false);
  }
});
