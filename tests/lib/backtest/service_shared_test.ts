/** Runs of two processes over one store. */
import assert from "node:assert/strict";
import type { BacktestState } from "../../../lib/contracts/backtest.ts";
import type { OpenedStore } from "../../../lib/store/open_store.ts";
import { sampleRequest } from "./sample_report.ts";
import { CALLER, withRig } from "./service_rig.ts";

/** Reads until the run is stored in a state. */
async function stored(
  { backtests }: OpenedStore,
  state: BacktestState,
): Promise<void> {
  // deno-lint-ignore no-await-in-loop -- each read lets the writing go on
  while ((await backtests.list())[0]?.state !== state);
}

Deno.test("BacktestService of one process shows the runs of another one, and carries out only its own", () =>
  withRig(async ({ start, store, begun, gateOf, until }) => {
    const a = await start({ hostId: "a" });
    const b = await start({ hostId: "b" });
    const { id, host } = await a.submit(sampleRequest(), CALLER);
    assert.equal(host, "a");
    await stored(store, "running");
    await b.refresh();
    assert.equal(b.view(id).state, "running");
    gateOf(a.view(id).label).resolve();
    await until(id, "done");
    // Not before: that it runs is stored before it begins.
    assert.equal(begun.length, 1);
    await stored(store, "done");
    await b.refresh();
    assert.equal(b.view(id).state, "done");
    assert.notEqual((await b.get(id)).report, null);
    await b.remove(id, CALLER);
    await a.refresh();
    assert.deepEqual(a.list(), []);
    assert.deepEqual(await store.backtests.list(), []);
    await Promise.all([a.drain(), b.drain()]);
  }));

Deno.test("BacktestService.recover() fails what its own process left, not what another one runs", () =>
  withRig(async ({ start, store }) => {
    const a = await start({ hostId: "a" });
    const { id } = await a.submit(sampleRequest(), CALLER);
    await stored(store, "running");
    const b = await start({ hostId: "b" });
    assert.equal(b.view(id).state, "running");
    await a.drain();
    const again = await start({ hostId: "a" });
    assert.equal(again.view(id).state, "failed");
    assert.equal((await store.backtests.list())[0]!.state, "failed");
    await Promise.all([again.drain(), b.drain()]);
  }));

Deno.test("BacktestService.cancel() at another process ends the run where it runs, and it stays canceled", () =>
  withRig(async ({ start, store }) => {
    const a = await start({ hostId: "a" });
    const { id } = await a.submit(sampleRequest(), CALLER);
    await stored(store, "running");
    const b = await start({ hostId: "b" });
    await b.cancel(id, CALLER);
    await a.refresh();
    assert.equal(a.view(id).state, "canceled");
    await a.drain();
    await b.drain();
    assert.equal((await store.backtests.list())[0]!.state, "canceled");
  }));
