import assert from "node:assert/strict";
import { ExecutorRun } from "./executor_run.ts";
import { intentOf, kinds } from "./executor_support.ts";

const SIDES = ["buy", "sell"] as const;

for (const side of SIDES) {
  Deno.test(`Executor enters a signal to ${side} as it says, with its stop and target`, () => {
    const run = new ExecutorRun(side);
    run.step({ close: 100 });
    const signal = run.signal();
    const intent = intentOf(run.step({ close: 100 }, { s1: [signal] }));
    assert.deepEqual(intent, {
      intentId: "1.0",
      seq: 1,
      side,
      entry: { type: "market" },
      decisionPrice: 100,
      stopPrice: run.flip(98),
      targetPrice: run.flip(106),
      riskPct: 0.25,
      expireAfterSeq: null,
      strategy: "breakout",
      reasons: ["A test"],
    });
    run.step({ close: 100 });
    assert.deepEqual(run.takeEvents().slice(0, 2), [
      "accepted entry",
      "filled entry",
    ]);
    run.step({ close: 106.5, open: 104 });
    assert.ok(run.takeEvents().includes("closed target"));
  });

  Deno.test(`Executor turns a ${side} into other orders`, () => {
    const order = (
      order: "limit" | "post_only" | "stop",
      offsetPct: number,
    ) => {
      const run = new ExecutorRun(side, { execution: { order, offsetPct } });
      run.step({ close: 100 });
      return intentOf(run.step({ close: 100 }, { s1: [run.signal()] }));
    };
    const near = (intent: ReturnType<typeof intentOf>, price: number) => {
      assert.ok(intent.entry.type !== "market");
      const wanted = side === "buy" ? price : 200 - price;
      assert.ok(Math.abs(intent.entry.price - wanted) < 1e-9);
      assert.equal(intent.expireAfterSeq, 6);
      return intent.entry;
    };
    assert.equal(near(order("limit", 0.5), 99.5).type, "limit");
    const postOnly = near(order("post_only", 0.1), 99.9);
    assert.ok(postOnly.type === "limit" && postOnly.postOnly === true);
    assert.equal(near(order("stop", 0.2), 100.2).type, "stop");
  });

  Deno.test(`Executor leaves a ${side} when a source says so, and withdraws one that waits`, () => {
    const run = new ExecutorRun(side);
    run.step({ close: 100 });
    run.step({ close: 100 }, { s1: [run.signal()] });
    run.step({ close: 101 });
    const actions = run.step({ close: 101 }, { s1: [run.exit()] });
    assert.deepEqual(actions, [{ kind: "close", reason: "Enough" }]);
    run.step({ close: 101 });
    assert.ok(run.takeEvents().includes("closed close"));
    const limit = { type: "limit", price: 99 } as const;
    run.step({ close: 101 }, {
      s1: [run.signal({ entry: limit, expireAfterSeq: 50 })],
    });
    const withdrawn = run.step({ close: 101 }, { s1: [run.exit()] });
    assert.deepEqual(kinds(withdrawn), ["cancel"]);
    run.step({ close: 101 });
    assert.deepEqual(run.takeEvents(), ["accepted entry", "canceled entry"]);
  });

  Deno.test(`Executor does not enter a ${side} that has become too dear`, () => {
    const run = new ExecutorRun(side, {
      execution: { maxSlippagePct: 0.4 },
    });
    run.step({ close: 100 });
    const actions = run.step({ close: 100.5 }, { s1: [run.signal()] });
    assert.deepEqual(actions, []);
    assert.match(run.logs.join(), /0\.50 % worse/);
    const cheaper = run.step({ close: 99 }, { s1: [run.signal()] });
    assert.deepEqual(kinds(cheaper), ["submit"]);
  });

  Deno.test(`Executor sends a ${side} in parts over time`, () => {
    const run = new ExecutorRun(side, {
      execution: { slicing: "twap", parts: 3, partCandles: 2 },
    });
    run.step({ close: 100 });
    const intent = intentOf(run.step({ close: 100 }, { s1: [run.signal()] }));
    assert.equal(intent.parts, 3);
    const later = [100, 100.1, 100.1, 100.2, 100.2].map((close) =>
      run.step({ close })
    );
    assert.deepEqual(later.map(kinds), [[], ["part"], [], ["part"], []]);
    const fills = run.takeEvents().filter((event) => event === "filled entry");
    assert.equal(fills.length, 3);
    assert.deepEqual(run.step({ close: 100 }), []);
  });

  Deno.test(`Executor sends the next part of a ${side} when the one before is filled`, () => {
    const run = new ExecutorRun(side, {
      execution: { slicing: "iceberg", parts: 2, order: "limit" },
    });
    run.step({ close: 100.5 });
    const signal = run.signal({ price: 100 });
    run.step({ close: 100.5 }, { s1: [signal] });
    assert.deepEqual(run.step({ close: 100.4 }), []);
    assert.deepEqual(kinds(run.step({ close: 100.2, low: 99.8 })), ["part"]);
    assert.deepEqual(run.step({ close: 100.2 }), []);
    run.step({ close: 100.2, low: 99.8 });
    assert.equal(
      run.takeEvents().filter((event) => event === "filled entry").length,
      2,
    );
  });

  Deno.test(`Executor follows the market with a ${side}, and gives it up when it may not follow further`, () => {
    const run = new ExecutorRun(side, {
      execution: {
        order: "limit",
        offsetPct: 0.1,
        chase: "on",
        chaseMoves: 2,
        waitCandles: 50,
      },
    });
    run.step({ close: 100 });
    run.step({ close: 100 }, { s1: [run.signal()] });
    const path = [100.05, 100.1, 100.2, 100.29].map((close) =>
      kinds(run.step({ close, low: close, high: close }))
    );
    assert.deepEqual(path, [["reprice"], ["reprice"], ["cancel"], []]);
    assert.deepEqual(run.takeEvents(), [
      "accepted entry",
      "accepted entry",
      "accepted entry",
      "canceled entry",
    ]);
    const next = run.step({ close: 100 }, { s1: [run.signal()] });
    assert.deepEqual(kinds(next), ["submit"]);
  });

  Deno.test(`Executor takes what is left of a ${side} at up to the most slippage where it is told so`, () => {
    const run = new ExecutorRun(side, {
      execution: {
        order: "limit",
        chase: "on",
        chaseDistancePct: 0.1,
        chaseEnd: "market",
        maxSlippagePct: 0.5,
      },
    });
    run.step({ close: 100.02 });
    run.step({ close: 100.02 }, { s1: [run.signal()] });
    const [move] = run.step({ close: 100.3 });
    assert.ok(move?.kind === "reprice");
    assert.ok(Math.abs(move.price - run.flip(100.5)) < 1e-9);
    run.step({ close: 100.3 });
    assert.ok(run.takeEvents().includes("filled entry"));
  });
}

Deno.test("Executor passes over what it may not enter and says why", () => {
  const reasons: [RegExp, (run: ExecutorRun) => void][] = [
    [/confidence of 0\.2/, (run) => {
      run.step({ close: 100 }, { s1: [run.signal({ confidence: 0.2 })] });
    }],
    [/came too late/, (run) => {
      run.step({ close: 100 }, {
        s1: [run.signal({ seq: run.seq + 1, expireAfterSeq: run.seq + 1 })],
      });
    }],
    [/is paused/, (run) => {
      run.agent.pause();
      run.step({ close: 100 }, { s1: [run.signal()] });
    }],
    [/position is open/, (run) => {
      run.step({ close: 100 }, { s1: [run.signal()] });
      run.step({ close: 100 });
      run.step({ close: 100 }, { s1: [run.signal()] });
    }],
    [/Another entry is under way/, (run) => {
      const { seq } = run;
      run.step({ close: 100 }, {
        s1: [run.signal(), run.signal({ side: "sell", seq: seq + 1 }, 1)],
      });
    }],
    [/has the id/, (run) => {
      run.step({ close: 100 }, {
        s1: [{ ...run.signal(), signalId: "x.y" }],
      });
    }],
    [/beyond its own stop/, (run) => {
      run.step({ close: 100 }, { s1: [run.signal({ stopPrice: 101 })] });
    }],
    [/beyond its own target/, (run) => {
      run.step({ close: 100 }, { s1: [run.signal({ targetPrice: 99 })] });
    }],
  ];
  for (const [reason, act] of reasons) {
    const run = new ExecutorRun("buy", { execution: { minConfidence: 0.3 } });
    run.step({ close: 100 });
    act(run);
    assert.match(run.logs.join("\n"), reason);
  }
});

Deno.test("Executor trades nothing before it may", () => {
  const run = new ExecutorRun("buy", { tradeFromSeq: 3 });
  run.step({ close: 100 });
  assert.deepEqual(run.step({ close: 100 }, { s1: [run.signal()] }), []);
  run.step({ close: 100 });
  const actions = run.step({ close: 100 }, { s1: [run.signal()] });
  assert.deepEqual(kinds(actions), ["submit"]);
});

Deno.test("Executor withdraws what waits when it is paused", () => {
  const run = new ExecutorRun("buy", { execution: { order: "limit" } });
  run.step({ close: 101 });
  run.step({ close: 101 }, { s1: [run.signal()] });
  run.agent.pause();
  assert.deepEqual(kinds(run.step({ close: 101 })), ["cancel"]);
  run.step({ close: 101 });
  assert.deepEqual(run.takeEvents(), ["accepted entry", "canceled entry"]);
});

Deno.test("Executor waits in lockstep for the signals of all sources, and says for whom", () => {
  const run = new ExecutorRun("buy", { sources: ["s1", "s2"] });
  run.step({ close: 100 });
  assert.deepEqual(run.vitals.waitsFor, []);
  const before = run.toDesk.length;
  run.candle({ close: 100 });
  assert.deepEqual(run.vitals.waitsFor, ["s1", "s2"]);
  run.tell("s1", [run.signal({ seq: 1 })]);
  assert.deepEqual(run.vitals.waitsFor, ["s2"]);
  assert.equal(run.toDesk.length, before);
  run.tell("s2", []);
  assert.equal(run.toDesk.length, before + 1);
  assert.deepEqual(kinds(run.lastActions), ["submit"]);
});

Deno.test("Executor enters where all sources agree, and not while they do not", () => {
  const run = new ExecutorRun("buy", {
    sources: ["s1", "s2"],
    execution: { agreement: "all" },
  });
  run.step({ close: 100 });
  const lasting = { expireAfterSeq: 99 };
  assert.deepEqual(run.step({ close: 100 }, { s1: [run.signal(lasting)] }), []);
  assert.deepEqual(
    run.step({ close: 100 }, { s2: [run.signal({ side: "sell" })] }),
    [],
  );
  const intent = intentOf(
    run.step({ close: 100 }, { s2: [run.signal(lasting)] }),
  );
  assert.equal(intent.side, "buy");
  assert.equal(intent.intentId, "3.1600");
});

Deno.test("Executor goes on from a snapshot at any candle bit for bit", () => {
  const play = (mayRestart: (seq: number) => boolean) => {
    const run = new ExecutorRun("buy", {
      execution: {
        order: "limit",
        slicing: "twap",
        parts: 3,
        partCandles: 2,
        chase: "on",
      },
    });
    let close = 100;
    for (let seq = 0; seq < 120; seq++) {
      close += [0.05, -0.1, 0.12, -0.04, 0.08, -0.15, 0.03][seq % 7]!;
      const signals = seq % 9 === 4
        ? [run.signal({ price: close, stopPrice: 98, targetPrice: null })]
        : seq % 23 === 0
        ? [run.exit()]
        : [];
      run.step({ close, low: close - 0.08, high: close + 0.08 }, {
        s1: signals,
      });
      if (mayRestart(seq)) run.restart();
    }
    return run;
  };
  const straight = play(() => false);
  assert.ok(straight.account.view().trades > 2);
  for (const every of [1, 2, 5]) {
    const run = play((seq) => seq % every === 0);
    assert.deepEqual(run.toDesk, straight.toDesk);
    assert.deepEqual(run.agent.snapshot(), straight.agent.snapshot());
  }
});
