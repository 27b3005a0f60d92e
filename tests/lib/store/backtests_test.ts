import assert from "node:assert/strict";
import type { ModelRecord } from "../../../lib/contracts/model_record.ts";
import { openStore } from "../../../lib/store/open_store.ts";
import {
  sampleReport,
  sampleTrade,
  sampleView,
} from "../backtest/sample_report.ts";
import { auditOf, systemTime } from "./support.ts";

async function withStore(
  test: (store: Awaited<ReturnType<typeof openStore>>) => Promise<void>,
): Promise<void> {
  const store = await openStore({ path: ":memory:", time: systemTime });
  try {
    await test(store);
  } finally {
    await store.close();
  }
}

/** A report that does not fit into one entry, nor into one commit, even compressed. */
function largeReport() {
  let drawn = 7;
  const word = () => {
    drawn = (drawn * 48_271) % 2_147_483_647;
    return drawn.toString(36);
  };
  return sampleReport({
    trades: Array.from({ length: 5_000 }, (_, index) =>
      sampleTrade(index, {
        reasons: Array.from({ length: 40 }, word),
      })),
  });
}

Deno.test("a report of many chunks comes back as it was, and goes with its run", () =>
  withStore(async ({ backtests }) => {
    const view = sampleView({ state: "running", summary: null });
    await backtests.create(view, auditOf("test"));
    assert.equal(await backtests.report(view.id), null);
    const report = largeReport();
    const done = sampleView();
    const said: ModelRecord = {
      v: 1,
      models: [],
      fromSeq: 7,
      votes: "AAAA",
      failures: [],
    };
    await backtests.finish(done, report, said);
    assert.deepEqual(
      await backtests.report(view.id),
      JSON.parse(JSON.stringify(report)),
    );
    assert.deepEqual(await backtests.modelRecord(view.id), said);
    assert.deepEqual(await backtests.list(), [done]);
    await backtests.remove(view.id, auditOf("test"));
    assert.deepEqual(await backtests.list(), []);
    assert.equal(await backtests.modelRecord(view.id), null);
    assert.equal(await backtests.report(view.id), null);
    // Nothing of the old report shines through in a run of the same id.
    await backtests.create(view, auditOf("test"));
    await backtests.finish(done, sampleReport());
    assert.deepEqual(
      await backtests.report(view.id),
      JSON.parse(JSON.stringify(sampleReport())),
    );
    assert.equal(await backtests.modelRecord(view.id), null);
  }));

Deno.test("a run that was removed stays removed, whatever is stored of it afterwards", () =>
  withStore(async ({ backtests }) => {
    const view = sampleView({ state: "running" });
    await backtests.create(view, auditOf("test"));
    await Promise.all([
      backtests.remove(view.id, null),
      backtests.save(view, null),
      backtests.finish(view, sampleReport()),
    ]);
    assert.deepEqual(await backtests.list(), []);
    assert.equal(await backtests.report(view.id), null);
  }));

Deno.test("of two states of a run the later one is stored, in whatever time they come", () =>
  withStore(async ({ backtests }) => {
    const view = sampleView({ state: "queued" });
    await backtests.create(view, auditOf("test"));
    await Promise.all([
      backtests.save({ ...view, state: "running" }, null),
      backtests.save({ ...view, state: "canceled" }, auditOf("test")),
    ]);
    assert.equal((await backtests.list())[0]!.state, "canceled");
  }));

Deno.test("a request that does not fit into an entry is refused in words", () =>
  withStore(async ({ backtests }) => {
    const view = sampleView({ label: "x".repeat(70_000) });
    await assert.rejects(
      backtests.create(view, auditOf("test")),
      { code: "STORE_VALUE_TOO_LARGE", message: /request of this backtest/ },
    );
  }));
