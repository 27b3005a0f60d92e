import assert from "node:assert/strict";
import { packCandles } from "../../../agents/market/candle_batch.ts";
import { CandleSeries } from "../../../agents/market/candle_series.ts";
import {
  readRegime,
  TREND_CANDLES_MIN,
  VOLATILITY_CANDLES,
  withRegime,
} from "../../../agents/market/regime.ts";
import { decisionTexts } from "../../../agents/recording/decision_texts.ts";
import { readAgentMessage } from "../../../lib/desk/agent_message.ts";
import type { DeskAction } from "../../../lib/contracts/order.ts";

/** A series of closes, each candle reaching `halfRange` beyond open and close. */
function seriesOf(
  closes: readonly number[],
  halfRange: (seq: number) => number = () => 0.5,
): CandleSeries {
  const series = new CandleSeries();
  const batch = packCandles(closes.map((close, seq) => {
    const open = closes[seq - 1] ?? close;
    return {
      seq,
      openAt: seq * 60_000,
      open,
      high: Math.max(open, close) + halfRange(seq),
      low: Math.min(open, close) - halfRange(seq),
      close,
      volume: 1,
    };
  }));
  for (let index = 0; index < batch.count; index++) series.append(batch, index);
  return series;
}

const count = (length: number, close: (seq: number) => number) =>
  Array.from({ length }, (_, seq) => close(seq));

const SUBMIT: DeskAction = {
  kind: "submit",
  intent: {
    intentId: "1.0",
    seq: 1,
    side: "buy",
    entry: { type: "market" },
    stopPrice: 90,
    targetPrice: null,
    riskPct: 1,
    expireAfterSeq: null,
    strategy: "fvg",
    reasons: [],
  },
};

Deno.test("readRegime finds a trend up, a trend down and a range", () => {
  const trendOf = (close: (seq: number) => number) =>
    readRegime(seriesOf(count(300, close))).trend;
  assert.equal(trendOf((seq) => 100 + seq), "up");
  assert.equal(trendOf((seq) => 1_000 - seq), "down");
  assert.equal(trendOf((seq) => 100 + seq % 2), "range");
});

Deno.test("readRegime ranks the newest ATR among those before it", () => {
  const volatilityOf = (halfRange: (seq: number) => number) =>
    readRegime(seriesOf(count(400, () => 1_000), halfRange)).volatility;
  assert.equal(volatilityOf((seq) => seq < 390 ? 1 : 5), "high");
  assert.equal(volatilityOf((seq) => seq < 390 ? 5 : 1), "low");
  assert.equal(
    volatilityOf((seq) => seq < 300 ? 1 : seq < 385 ? 9 : 4),
    "normal",
  );
});

Deno.test("readRegime says nothing of what too few candles tell", () => {
  const short = (length: number) =>
    readRegime(seriesOf(count(length, (seq) => 100 + seq)));
  assert.deepEqual(readRegime(new CandleSeries()), {
    trend: null,
    volatility: null,
  });
  assert.equal(short(TREND_CANDLES_MIN - 1).trend, null);
  assert.equal(short(TREND_CANDLES_MIN).trend, "up");
  // The first ATRs are not known.
  assert.equal(short(VOLATILITY_CANDLES + 12).volatility, null);
  assert.notEqual(short(VOLATILITY_CANDLES + 13).volatility, null);
});

Deno.test("withRegime notes the market on entries only, and no hash of a decision knows it", () => {
  const series = seriesOf(count(300, (seq) => 100 + seq));
  const close: DeskAction = { kind: "close", reason: "over" };
  const [noted, other] = withRegime([SUBMIT, close], series);
  assert.ok(noted?.kind === "submit");
  assert.equal(noted.intent.regime?.trend, "up");
  assert.equal(other, close);
  assert.deepEqual(withRegime([SUBMIT], new CandleSeries()), [SUBMIT]);
  const textsOf = (action: DeskAction) =>
    decisionTexts([{
      to: "link",
      link: "desk",
      message: { type: "decided", seq: 1, actions: [action] },
    }]);
  assert.deepEqual(textsOf(noted), textsOf(SUBMIT));
});

Deno.test("readAgentMessage takes a regime that it knows and no other", () => {
  const regimeOf = (regime: unknown) => {
    const message = readAgentMessage({
      type: "decided",
      seq: 1,
      actions: [{ ...SUBMIT, intent: { ...SUBMIT.intent, regime } }],
    });
    assert.ok(message?.type === "decided");
    const [action] = message.actions;
    return action?.kind === "submit" ? action.intent.regime : null;
  };
  assert.deepEqual(regimeOf({ trend: "up", volatility: "low" }), {
    trend: "up",
    volatility: "low",
  });
  assert.deepEqual(regimeOf({ trend: "sideways", volatility: 3 }), {
    trend: null,
    volatility: null,
  });
  assert.equal(regimeOf(undefined), undefined);
});
