import assert from "node:assert/strict";
import type {
  BacktestState,
  BacktestView,
} from "../../../lib/contracts/backtest.ts";
import { AppError } from "../../../lib/core/errors.ts";
import { createIdFactory } from "../../../lib/core/ids.ts";
import { serverParts } from "../../../lib/backtest/server_parts.ts";
import type { RunBacktest } from "../../../lib/backtest/port.ts";
import {
  type BacktestServiceOptions,
  type RunningBacktests,
  startBacktests,
} from "../../../lib/backtest/service.ts";
import { type OpenedStore, openStore } from "../../../lib/store/open_store.ts";
import { ManualTime, systemTime } from "../store/support.ts";
import { sampleReport, sampleRequest } from "./sample_report.ts";

const CALLER = {
  userId: "usr_1",
  email: "me@example.com",
  via: "panel",
} as const;

interface Rig {
  store: OpenedStore;
  time: ManualTime;
  /** Begun runs, in order. */
  begun: string[];
  /** What the runs that are under way wait for, by their label. */
  gateOf(name: string): PromiseWithResolvers<void>;
  published: (BacktestView | null)[];
  errors: string[];
  start(changes?: Partial<BacktestServiceOptions>): Promise<RunningBacktests>;
  /** Resolves when a run is in a state. */
  until(id: string, state: BacktestState): Promise<BacktestView>;
}

async function withRig(test: (rig: Rig) => Promise<void>): Promise<void> {
  const time = new ManualTime();
  const store = await openStore({ path: ":memory:", time: systemTime });
  const ids = createIdFactory({
    nowMs: () => time.nowMs(),
    random: () => 0.5,
  });
  const begun: string[] = [];
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (name: string) => {
    const gate = gates.get(name) ?? Promise.withResolvers<void>();
    gates.set(name, gate);
    return gate;
  };
  const published: Rig["published"] = [];
  const errors: string[] = [];
  const seen = new EventTarget();
  const run: RunBacktest = async ({ config }, { signal }) => {
    begun.push(config.name);
    const gate = gateOf(config.name);
    signal.addEventListener("abort", () => gate.reject(signal.reason));
    await gate.promise;
    return sampleReport({ config });
  };
  const rig: Rig = {
    store,
    time,
    begun,
    gateOf,
    published,
    errors,
    start: (changes = {}) =>
      startBacktests({
        ...serverParts({ candlesDir: "/nowhere", workers: null }),
        store: store.backtests,
        time,
        ids,
        run,
        publish: (_id, view) => {
          published.push(view);
          seen.dispatchEvent(new CustomEvent("view", { detail: view }));
        },
        onError: (what) => void errors.push(what),
        retained: 2,
        ...changes,
      }),
    until: (id, state) =>
      new Promise((resolve) => {
        const found = published.findLast((view) => view?.id === id);
        if (found?.state === state) return resolve(found);
        seen.addEventListener("view", (event) => {
          const view = (event as CustomEvent<BacktestView | null>).detail;
          if (view?.id === id && view.state === state) resolve(view);
        });
      }),
  };
  try {
    await test(rig);
  } finally {
    await store.close();
  }
}

function named(name: string) {
  const request = sampleRequest();
  return { ...request, config: { ...request.config, name } };
}

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

Deno.test("Backtests fails a run whose result cannot be stored", () =>
  withRig(async (rig) => {
    const { backtests } = rig.store;
    const service = await rig.start({
      run: () => Promise.resolve(sampleReport()),
      store: {
        list: () => backtests.list(),
        create: (view, audit) => backtests.create(view, audit),
        save: (view, audit) => backtests.save(view, audit),
        finish: () =>
          Promise.reject(new AppError("STORE_UNAVAILABLE", "The disk is full")),
        report: (id) => backtests.report(id),
        remove: (id, audit) => backtests.remove(id, audit),
      },
    });
    const { id } = await service.submit(named("one"), CALLER);
    const failed = await rig.until(id, "failed");
    assert.match(
      failed.detail!,
      /result could not be stored: The disk is full/,
    );
    assert.equal((await service.get(id)).report, null);
  }));

Deno.test("Backtests keeps the newest ended runs of each user", () =>
  withRig(async (rig) => {
    const service = await rig.start({
      run: () => Promise.resolve(sampleReport()),
    });
    const ids: string[] = [];
    for (
      const [index, userId] of ["usr_1", "usr_2", "usr_1", "usr_1"].entries()
    ) {
      rig.time.advance(1);
      // deno-lint-ignore no-await-in-loop -- in order
      const { id } = await service.submit(named(`run ${index}`), {
        ...CALLER,
        userId,
      });
      // deno-lint-ignore no-await-in-loop -- in order
      await rig.until(id, "done");
      ids.push(id);
    }
    const marker = await service.submit(named("last"), {
      ...CALLER,
      userId: "usr_3",
    });
    await rig.until(marker.id, "done");
    const kept = service.list().map(({ id }) => id);
    assert.deepEqual(kept, [marker.id, ids[3], ids[2], ids[1]]);
    assert.equal(await rig.store.backtests.report(ids[0]!), null);
    assert.deepEqual(
      (await rig.store.backtests.list()).map(({ id }) => id),
      kept.toReversed(),
    );
  }));

Deno.test("Backtests tells of progress at most four times a second", () =>
  withRig(async (rig) => {
    let told = 0;
    const service = await rig.start({
      run: (_request, { onProgress }) => {
        for (let done = 0; done < 100; done++) {
          onProgress({
            phase: "backtest",
            share: done / 100,
            candlesPerSecond: null,
          });
          rig.time.advance(10);
        }
        told = rig.published.filter((view) =>
          view?.progress.phase === "backtest"
        ).length;
        return Promise.resolve(sampleReport());
      },
    });
    const { id } = await service.submit(named("one"), CALLER);
    await rig.until(id, "done");
    assert.equal(told, 4);
  }));

Deno.test("Backtests carries out a real run: equal requests have equal hashes, and a sweep is sorted", () =>
  withRig(async (rig) => {
    const { run } = serverParts({ candlesDir: "/nowhere", workers: null });
    const service = await rig.start({ run });
    const reports = [];
    for (
      const study of [
        { kind: "single" },
        { kind: "single" },
        {
          kind: "sweep",
          grid: {
            "strategies.fvg.minGapAtr": [0.2, 1],
            "risk.leverage": [2, 5],
          },
          objective: "netPnl",
        },
      ]
    ) {
      rig.time.advance(1);
      // deno-lint-ignore no-await-in-loop -- in order
      const { id } = await service.submit(
        sampleRequest({
          study,
          data: { kind: "simulated", candles: 2_000, seed: 3 },
        }),
        CALLER,
      );
      // deno-lint-ignore no-await-in-loop -- in order
      const ended = await Promise.race([
        rig.until(id, "done"),
        rig.until(id, "failed"),
      ]);
      assert.equal(ended.detail, null);
      // deno-lint-ignore no-await-in-loop -- in order
      reports.push((await service.get(id)).report!);
    }
    const [one, two, sweep] = reports;
    assert.equal(one!.runHash, two!.runHash);
    assert.equal(one!.summary.tradesHash, two!.summary.tradesHash);
    assert.ok(one!.trades.length > 0);
    assert.equal(one!.trades.length + one!.tradesLeftOut, one!.summary.trades);
    assert.ok(sweep!.study.kind === "sweep");
    const scores = sweep!.study.rows.map(({ score }) => score!);
    assert.equal(scores.length, 4);
    assert.deepEqual(scores, scores.toSorted((a, b) => b - a));
    assert.equal(sweep!.summary.netPnl, sweep!.study.rows[0]!.summary.netPnl);
  }));
