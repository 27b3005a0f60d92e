import assert from "node:assert/strict";
import type { BacktestView } from "../../../lib/contracts/backtest.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { CALLER, named, withRig } from "./service_rig.ts";

Deno.test("Backtests runs one at a time in the order of asking and keeps the report", () =>
  withRig(async (rig) => {
    const service = await rig.start();
    const first = await service.submit(named("one"), CALLER);
    rig.time.advance(1);
    const second = await service.submit(named("two"), CALLER);
    await rig.until(first.id, "running");
    assert.equal(service.view(second.id).state, "queued");
    rig.gateOf("one").resolve();
    await rig.until(second.id, "running");
    rig.gateOf("two").resolve();
    await rig.until(second.id, "done");
    assert.deepEqual(rig.begun, ["one", "two"]);
    assert.deepEqual(service.list().map(({ label }) => label), ["two", "one"]);
    const detail = await service.get(first.id);
    assert.equal(detail.report!.config.name, "one");
    assert.deepEqual(detail.summary, detail.report!.summary);
    // Another start reads the same from the store.
    const again = await rig.start();
    assert.deepEqual(await again.get(first.id), detail);
    const audit = await rig.store.auditPage({ limit: 10, cursor: null });
    assert.deepEqual(
      audit.items.map(({ action, target }) => [action, target]),
      [
        ["backtests.run", second.id],
        ["backtests.run", first.id],
      ],
    );
  }));

Deno.test("Backtests cancels what waits and what runs, and goes on with the next", () =>
  withRig(async (rig) => {
    const service = await rig.start();
    const views = [];
    for (const name of ["one", "two", "three"]) {
      // deno-lint-ignore no-await-in-loop -- in order
      views.push(await service.submit(named(name), CALLER));
      rig.time.advance(1);
    }
    const [one, two, three] = views as [
      BacktestView,
      BacktestView,
      BacktestView,
    ];
    await rig.until(one.id, "running");
    await service.cancel(two.id, CALLER);
    const canceled = await service.cancel(one.id, CALLER);
    assert.equal(canceled.detail, "Canceled by me@example.com");
    await rig.until(three.id, "running");
    await assert.rejects(
      service.cancel(one.id, CALLER),
      { code: "BACKTEST_STATE_CONFLICT" },
    );
    rig.gateOf("three").resolve();
    await rig.until(three.id, "done");
    assert.ok(!rig.begun.includes("two"));
    const stored = await rig.store.backtests.list();
    assert.deepEqual(stored.map(({ state }) => state), [
      "canceled",
      "canceled",
      "done",
    ]);
    assert.equal(await rig.store.backtests.report(one.id), null);
  }));

Deno.test("Backtests shows a run that a stop cut off as failed and carries out what waited", () =>
  withRig(async (rig) => {
    const before = await rig.start();
    const running = await before.submit(named("one"), CALLER);
    rig.time.advance(1);
    const waiting = await before.submit(named("two"), CALLER);
    await rig.until(running.id, "running");
    await before.drain();
    assert.ok(!rig.begun.includes("two"), "a drain starts nothing");
    const after = await rig.start();
    const cut = after.view(running.id);
    assert.equal(cut.state, "failed");
    assert.match(cut.detail!, /server stopped before the run ended/);
    rig.gateOf("two").resolve();
    await rig.until(waiting.id, "done");
  }));

Deno.test("Backtests says in one sentence why a run failed", () =>
  withRig(async (rig) => {
    const service = await rig.start({
      run: () =>
        Promise.reject(
          new AppError("CANDLES_RANGE", "No candle is in the range"),
        ),
    });
    const expected = await service.submit(named("one"), CALLER);
    assert.equal(
      (await rig.until(expected.id, "failed")).detail,
      "No candle is in the range",
    );
    assert.deepEqual(rig.errors, []);
    const broken = await rig.start({
      run: () => Promise.reject(new TypeError("x is not a function")),
    });
    rig.time.advance(1);
    const view = await broken.submit(named("two"), CALLER);
    assert.match(
      (await rig.until(view.id, "failed")).detail!,
      /The run broke: x is not/,
    );
    assert.equal(rig.errors.length, 1, "a defect is logged");
  }));
