import assert from "node:assert/strict";
import { AppError } from "../../../lib/core/errors.ts";
import { serverParts } from "../../../lib/backtest/server_parts.ts";
import { sampleReport, sampleRequest } from "./sample_report.ts";
import { CALLER, named, withRig } from "./service_rig.ts";

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
        modelRecord: (id) => backtests.modelRecord(id),
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
