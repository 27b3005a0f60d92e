import assert from "node:assert/strict";
import type {
  SegmentFigures,
  TradingFigures,
} from "../../../../lib/contracts/model_card.ts";
import { compareFigures } from "../../../../lib/inference/evaluation/compare.ts";
import { verdictOf } from "../../../../lib/inference/evaluation/verdict.ts";

function trading(sharpe: number | null): TradingFigures {
  return {
    netReturn: 0.1,
    grossReturn: 0.2,
    sharpe,
    sharpeError: sharpe === null ? null : 0.5,
    maxDrawdown: 0.1,
    turnover: 0.1,
    exposure: 0.5,
    breakEvenCostBp: 2,
  };
}

/** A segment whose model beats everything, with changes. */
function figures(changes: {
  own?: number | null;
  hold?: number;
  logistic?: number;
  shareAsGood?: number;
  deflated?: number | null;
}): SegmentFigures {
  const { own = 2, hold = 1, logistic = 0.5, shareAsGood = 0.01 } = changes;
  return {
    rows: 1_000,
    trading: trading(own),
    forecast: {
      logLoss: 0.7,
      baseLogLoss: 0.71,
      hitRows: 900,
      hitRate: 0.52,
      nextCandleHitRate: 0.51,
      calibration: [{ rows: 1_000, chance: 0.5, share: 0.5 }],
    },
    baselines: {
      hold: trading(hold),
      logistic: trading(logistic),
      logisticLogLoss: 0.7,
      random: {
        draws: 1_000,
        meanNetReturn: 0,
        lowNetReturn: -0.1,
        highNetReturn: 0.1,
        shareAsGood,
      },
    },
    deflatedSharpe: changes.deflated === undefined ? 0.99 : changes.deflated,
  };
}

const judge = (changes: Parameters<typeof figures>[0]) =>
  verdictOf(figures(changes), { costBp: 1, trials: 12 });

Deno.test("verdictOf() lets a model win only if it beats every baseline, chance and its own trials", () => {
  assert.equal(judge({}).beatsBaselines, true);
  const losers = [
    [{ own: -0.2, hold: -1, logistic: -1 }, /no better than staying flat\./],
    [{ own: null, hold: -1, logistic: -1 }, /has no Sharpe ratio .*flat/],
    [{ hold: 2 }, /no better than buying and holding\./],
    [{ logistic: 3 }, /no better than logistic regression\./],
    [{ hold: 3, logistic: 3 }, /buying and holding or logistic regression\./],
    [{ shareAsGood: 0.3 }, /30 % of random shifts do as well\./],
    [{ deflated: 0.9 }, /it may be the luck of 12 trials\./],
    [{ deflated: null }, /it may be the luck of 12 trials\./],
  ] as const;
  for (const [changes, reason] of losers) {
    const { beatsBaselines, verdict } = judge(changes);
    assert.equal(beatsBaselines, false);
    assert.match(verdict, reason);
    assert.match(verdict, /No edge was shown\.$/);
  }
});

Deno.test("verdictOf() says the ratio with its error and the costs", () => {
  assert.match(
    judge({ own: -1.234 }).verdict,
    /Sharpe ratio of −1\.23 ± 0\.50 after costs of 1 bp a side/,
  );
});

Deno.test("compareFigures() finds each figure that differs, in any depth", () => {
  const card = figures({});
  const same = compareFigures(card, structuredClone(card));
  assert.ok(same.length > 30 && same.every(({ agrees }) => agrees));
  const other = structuredClone(card);
  other.baselines.hold.sharpe = 1.01;
  other.forecast.calibration[0]!.share = 0.4995;
  other.trading.sharpe = null;
  const differing = compareFigures(card, other).filter((each) => !each.agrees);
  assert.deepEqual(differing.map(({ name }) => name), [
    "trading.sharpe",
    "baselines.hold.sharpe",
  ]);
  assert.ok(Math.abs(differing[1]!.difference! - 0.01) <= 1e-12);
});
