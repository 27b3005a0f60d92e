import assert from "node:assert/strict";
import fc from "fast-check";
import {
  judgeVotes,
  roundTripCostPct,
} from "../../../agents/ensemble/verdict.ts";
import type { HeldVote } from "../../../agents/ensemble/model_roster.ts";
import { PAPER_COSTS } from "../../../agents/sizing/costs.ts";
import {
  type DecisionConfig,
  decisionConfigSchema,
} from "../../../lib/contracts/decision_config.ts";

function judge(
  ups: readonly (number | null)[],
  config: Partial<DecisionConfig> = {},
  { atr = 10, flat = 0.1 } = {},
) {
  const votes = ups.map((up, index): HeldVote => ({
    model: `m${index}`,
    probabilities: up === null ? null : { down: 1 - flat - up, flat, up },
    failure: up === null ? "gave no answer" : null,
  }));
  return judgeVotes(votes, {
    config: { ...decisionConfigSchema.parse({}), ...config },
    rates: PAPER_COSTS,
    close: 1_000,
    atr,
  });
}

Deno.test("judgeVotes() averages the votes and says which way and how sure", () => {
  const verdict = judge([0.6, 0.5, 0.7]);
  assert.equal(verdict.bias, 1);
  assert.equal(verdict.confidence!.toFixed(9), "0.600000000");
  assert.equal(verdict.disagreement!.toFixed(9), "0.200000000");
  // 1 % a candle: 0.6 × 2 ATR − 0.3 × 2 ATR.
  assert.equal(verdict.expectedMovePct!.toFixed(9), "0.600000000");
  assert.equal(verdict.abstention, null);
  assert.equal(judge([0.3, 0.2, 0.3]).bias, -1);
});

Deno.test("judgeVotes() abstains for each cause with its figures", () => {
  assert.deepEqual(judge([0.9, 0.5, 0.7]).abstention, {
    code: "disagreement",
    reason:
      "The models' probabilities of a rise are 40.0 points apart, at most 30.0 are allowed",
  });
  assert.deepEqual(
    judge([0.45, 0.45, 0.45], { minConfidence: 0.5 }).abstention,
    {
      code: "not_confident",
      reason: "Confidence is 45.0 %, 50.0 % are needed",
    },
  );
  assert.deepEqual(judge([0.6, 0.5, 0.7], {}, { atr: 1 }).abstention, {
    code: "costs",
    reason: "The expected move of 0.060 % does not pay costs of 0.140 %",
  });
  assert.deepEqual(judge([0.6, null, 0.7]).abstention, {
    code: "votes_missing",
    reason: "2 of 3 models vote, 3 are needed; m1: gave no answer",
  });
  assert.equal(judge([0.6, null, 0.7], { minVotes: 2 }).abstention, null);
  assert.equal(
    judge([null], { minVotes: 8 }).abstention!.code,
    "votes_missing",
  );
});

Deno.test("judgeVotes() never trades a figure that is not a number", () => {
  for (const atr of [NaN, 0, -1, -Infinity]) {
    assert.notEqual(judge([0.6, 0.6, 0.6], {}, { atr }).abstention, null);
  }
});

Deno.test("roundTripCostPct() has the fee of each execution, and slippage where it takes", () => {
  const rates = { makerFee: 0.001, takerFee: 0.002, slippage: 0.0005 };
  assert.equal(
    roundTripCostPct({ entry: "market" }, rates).toFixed(9),
    "0.500000000",
  );
  assert.equal(
    roundTripCostPct({ entry: "limit" }, rates).toFixed(9),
    "0.350000000",
  );
});

const part = fc.double({ min: 0, max: 1, noNaN: true });

Deno.test("judgeVotes() trades only inside all of its thresholds, and turns with the votes", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(part, part, part), { minLength: 1, maxLength: 5 }),
      fc.double({ min: 0.34, max: 0.99, noNaN: true }),
      part,
      (raw, minConfidence, maxDisagreement) => {
        const votes = raw.map(([down, flat, up], index): HeldVote => {
          const sum = down + flat + up + 1e-9;
          return {
            model: `m${index}`,
            probabilities: {
              down: down / sum,
              flat: (flat + 1e-9) / sum,
              up: up / sum,
            },
            failure: null,
          };
        });
        const context = {
          config: {
            ...decisionConfigSchema.parse({}),
            minConfidence,
            maxDisagreement,
          },
          rates: PAPER_COSTS,
          close: 1_000,
          atr: 20,
        };
        const verdict = judgeVotes(votes, context);
        if (verdict.abstention !== null) return;
        assert(verdict.bias !== null);
        assert(verdict.confidence! >= minConfidence);
        const rises = votes.map(({ probabilities }) => probabilities!.up);
        assert(Math.max(...rises) - Math.min(...rises) <= maxDisagreement);
        const mirrored = judgeVotes(
          votes.map((vote) => ({
            ...vote,
            probabilities: {
              ...vote.probabilities!,
              down: vote.probabilities!.up,
              up: vote.probabilities!.down,
            },
          })),
          { ...context, config: { ...context.config, maxDisagreement: 1 } },
        );
        assert.equal(mirrored.bias, -verdict.bias);
        assert.equal(mirrored.confidence, verdict.confidence);
      },
    ),
  );
});
