import assert from "node:assert/strict";
import fc from "fast-check";
import { MAX_EQUITY_POINTS } from "../../../lib/fleet/limits.ts";
import {
  addEquity,
  AgentRegistry,
  countTrades,
} from "../../../lib/fleet/registry.ts";
import { thin, toView, winRatePct } from "../../../lib/fleet/view.ts";
import { agentEntry } from "../../support/record.ts";

const entry = () => agentEntry({ name: "entry" });

Deno.test("addEquity() keeps the first and the newest point within its limit (property)", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 3_000 }),
      (steps) => {
        const agent = entry();
        let seq = 0;
        for (const step of steps) {
          seq += step;
          addEquity(agent, [{ seq, at: seq, equity: String(seq) }]);
        }
        assert.ok(agent.equity.length <= MAX_EQUITY_POINTS);
        if (steps.length === 0) return;
        assert.equal(agent.equity[0]!.seq, steps[0]);
        assert.equal(agent.equity.at(-1)!.seq, seq);
        const seqs = agent.equity.map((point) => point.seq);
        assert.deepEqual(seqs, [...new Set(seqs)].sort((a, b) => a - b));
      },
    ),
    { seed: 7, numRuns: 60 },
  );
});

Deno.test("addEquity() ignores points that it has already", () => {
  const agent = entry();
  const point = { seq: 3, at: 3, equity: "10" };
  addEquity(agent, [point, point, { seq: 2, at: 2, equity: "9" }]);
  assert.deepEqual(agent.equity, [point]);
});

Deno.test("countTrades() sums profit and loss apart, exactly", () => {
  const agent = entry();
  const trade = (netPnl: string) =>
    ({ netPnl }) as Parameters<typeof countTrades>[1][number];
  countTrades(agent, [trade("0.1"), trade("0.2"), trade("-0.3"), trade("0")]);
  assert.equal(agent.grossProfit.toFixed(), "0.3");
  assert.equal(agent.grossLoss.toFixed(), "0.3");
  assert.equal(agent.tradesSeen, 4);
});

Deno.test("toView() shows what is unknown as null, never as zero", () => {
  const view = toView(entry());
  assert.equal(view.account, null);
  assert.equal(view.winRatePct, null);
  assert.equal(view.vitals.heartbeatAt, null);
  assert.equal(view.lastDecision, null);
});

Deno.test("winRatePct() is null before the first trade, and while fewer trades are told than the figures are made of", () => {
  assert.equal(winRatePct({ wins: 0, losses: 0, trades: 0 }), null);
  assert.equal(winRatePct({ wins: 0, losses: 1, trades: 1 }), 0);
  assert.equal(winRatePct({ wins: 1, losses: 1, trades: 3 }), 33.3);
  assert.equal(winRatePct({ wins: 15, losses: 42, trades: 11 }), null);
  assert.equal(winRatePct({ wins: 15, losses: 42, trades: 57 }), 26.3);
});

Deno.test("thin() keeps both ends and never more than its limit (property)", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 500 }),
      fc.integer({ min: 2, max: 60 }),
      (size, limit) => {
        const items = Array.from({ length: size }, (_, index) => index);
        const kept = thin(items, limit);
        assert.equal(kept.length, Math.min(size, limit));
        assert.equal(kept[0], items[0]);
        assert.equal(kept.at(-1), items.at(-1));
      },
    ),
    { seed: 11 },
  );
});

Deno.test("AgentRegistry names an id that it does not know", () => {
  assert.throws(
    () => new AgentRegistry().require("agt_none"),
    /There is no agent "agt_none"/,
  );
});
