import assert from "node:assert/strict";
import fc from "fast-check";
import type { Candle } from "../../../lib/contracts/candle.ts";
import { decimal } from "../../../lib/core/decimal.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import {
  SteppedInPosition,
  toMessage,
} from "../../../lib/desk/account/stepped.ts";
import {
  accountConfig,
  candle,
  randomMarket,
  ScriptedAgent,
  submit,
} from "./support.ts";
import { DAY_MINUTES, open, openLong, skip, typesOf } from "./open_account.ts";

Deno.test("DeskAccount halts at the daily loss, closes once, and goes on the next UTC day", () => {
  const account = openLong({ risk: { dailyLossLimit: "50" } });
  const hit = account.step(candle(2, { open: 100, close: 98.9, low: 98.5 }));
  assert.deepEqual(typesOf(hit.events), ["active to halted", "accepted close"]);
  account.decide(submit(2));
  const closed = account.step(candle(3, { close: 98.9 }));
  assert.deepEqual(typesOf(closed.events), [
    "denied TRADING_HALTED",
    "filled close",
    "closed close",
    "canceled stop",
    "canceled target",
  ]);
  account.rearm({ commandId: "cmd_1", reason: "A person wants to go on" });
  assert.equal(account.step(candle(4, { close: 99 })).tradingState, "halted");
  let state = "halted";
  for (let seq = 5; seq <= DAY_MINUTES; seq++) {
    const step = account.step(candle(seq, { close: 99 }));
    state = step.tradingState;
    assert.equal(state, seq < DAY_MINUTES ? "halted" : "active");
  }
  assert.equal(account.view().dayPnl, "0");
});

Deno.test("DeskAccount halts at the drawdown over the days until it is re-armed", () => {
  const account = openLong({ risk: { maxDrawdownPct: 1, leverage: 5 } });
  const hit = account.step(candle(2, { open: 98.5, close: 97.5, low: 97.5 }));
  assert.deepEqual(typesOf(hit.events), [
    "filled stop",
    "closed stop",
    "canceled target",
    "active to halted",
  ]);
  assert.match(account.view().tradingStateReason!, /the limit is 1 %/);
  for (let seq = 3; seq <= DAY_MINUTES + 1; seq++) {
    const step = account.step(candle(seq, { close: 99 }));
    assert.equal(step.tradingState, "halted");
  }
  account.rearm({ commandId: "cmd_2", reason: "Checked by a person" });
  assert.equal(account.view().tradingState, "active");
  const step = account.step(candle(DAY_MINUTES + 2, { close: 99 }));
  assert.deepEqual(typesOf(step.events), ["halted to active"]);
  assert.equal(step.tradingState, "active", "the peak starts anew");
  assert.ok(account.view().maxDrawdownPct > 1, "the statistic stays");
});

Deno.test("DeskAccount reduces after too many losses in a row until it is re-armed", () => {
  const account = open({ safety: { breakerConsecutiveLosses: 2 } });
  let seq = 0;
  for (let loss = 0; loss < 2; loss++) {
    account.step(candle(seq, { close: 100 }));
    account.decide(submit(seq, { stopPrice: 98 }));
    account.step(candle(++seq, { open: 100, close: 97 }));
    seq++;
  }
  assert.equal(account.view().tradingState, "reducing");
  account.decide(submit(seq - 1));
  const step = account.step(candle(seq, { close: 100 }));
  assert.deepEqual(typesOf(step.events), ["denied TRADING_REDUCING"]);
  account.rearm({ commandId: "cmd_3", reason: "Looked into it" });
  account.decide(submit(seq));
  assert.ok(account.step(candle(seq + 1, { close: 100 })).hasPosition);
});

Deno.test("DeskAccount.quiesce() closes at the last close, withdraws all and takes no entry", () => {
  const account = openLong();
  account.quiesce({ positions: "close", reason: "The agent is stopped" });
  const view = account.view();
  assert.equal(view.position, null);
  assert.deepEqual(view.openOrders, []);
  assert.equal(view.trades, 1);
  account.decide(submit(1));
  assert.deepEqual(typesOf(account.step(candle(2, { close: 100 })).events), [
    "accepted close",
    "filled close",
    "closed close",
    "canceled stop",
    "canceled target",
    "denied AGENT_NOT_RUNNING",
  ]);
});

Deno.test("DeskAccount.quiesce() keeps a position with its protection", () => {
  const account = openLong();
  account.quiesce({ positions: "keep", reason: "The agent is stopped" });
  assert.deepEqual(
    account.view().openOrders.map(({ role }) => role),
    ["stop", "target"],
  );
  const step = account.step(candle(2, { open: 99, close: 97 }));
  assert.deepEqual(typesOf(step.events), [
    "filled stop",
    "closed stop",
    "canceled target",
  ]);
});

Deno.test("DeskAccount.setEntries() withdraws resting entries and lets new ones in again", () => {
  const account = open();
  account.step(candle(0, { close: 100 }));
  account.decide(
    submit(0, { entry: { type: "limit", price: 95 }, stopPrice: 90 }),
  );
  account.setEntries({ allowed: false, reason: "Paused" });
  assert.deepEqual(account.view().openOrders, []);
  account.setEntries({ allowed: true, reason: "Resumed" });
  account.step(candle(1, { close: 100 }));
  account.decide(submit(1));
  assert.ok(account.step(candle(2, { close: 100 })).hasPosition);
});

Deno.test("DeskAccount.updateConfig() checks new limits at the next candle and keeps the capital", () => {
  const account = openLong();
  account.step(candle(2, { open: 100, close: 99 }));
  account.updateConfig(
    accountConfig({ risk: { dailyLossLimit: "20", initialCapital: "500" } }),
  );
  assert.equal(account.view().initialCapital, "10000");
  const step = account.step(candle(3, { close: 99 }));
  assert.equal(step.tradingState, "halted");
});

Deno.test("DeskAccount.drainReport() samples the equity curve at trades and every 64 candles", () => {
  const account = openLong();
  for (let seq = 2; seq <= 130; seq++) {
    account.step(candle(seq, { close: 100 }));
  }
  assert.deepEqual(
    account.drainReport().equity.map(({ seq }) => seq),
    [0, 1, 64, 128],
  );
  assert.deepEqual(account.drainReport(), { trades: [], equity: [] });
});

Deno.test("DeskAccount.drainReport() keeps a bounded number of points", () => {
  const account = open();
  for (let seq = 0; seq < 64 * 9000; seq++) {
    account.step(candle(seq, { close: 100 }));
    skip(account, seq);
  }
  assert.ok(account.drainReport().equity.length <= 8192);
});

Deno.test("toMessage() makes a step in a position survive cloning", () => {
  const account = openLong();
  const step = account.step(candle(2, { close: 101 }));
  assert.ok(step instanceof SteppedInPosition);
  const message = toMessage(step);
  assert.equal(structuredClone(message).equity, account.view().equity);
});

Deno.test("DeskAccount keeps cash + unrealised = equity and its counts at every candle", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
      const account = open({ risk: { maxDrawdownPct: 20 } });
      const agent = new ScriptedAgent(seed);
      let trades = 0;
      for (const bar of randomMarket(seed, 150)) {
        decideOn(account, agent, bar);
        const view = account.view();
        const parts = decimal(view.cash).plus(decimal(view.unrealizedPnl!));
        assert.ok(parts.eq(decimal(view.equity!)));
        assert.ok(
          decimal(view.initialCapital).plus(decimal(view.realizedPnl))
            .eq(decimal(view.cash)),
        );
        assert.ok(view.wins + view.losses <= view.trades);
        assert.ok(view.trades >= trades);
        assert.ok(view.drawdownPct! <= view.maxDrawdownPct + 1e-6);
        trades = view.trades;
      }
    }),
    { seed: 20_260_804, numRuns: 40 },
  );
});

function decideOn(account: DeskAccount, agent: ScriptedAgent, bar: Candle) {
  const step = account.step(bar);
  account.decide({
    type: "decided",
    seq: bar.seq,
    actions: agent.decide(bar, step),
  });
}
