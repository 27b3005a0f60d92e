import { deepEqual, equal } from "node:assert/strict";
import { signal } from "@preact/signals";
import type { ChartResponse } from "../../../lib/contracts/chart.ts";
import { ChartSession } from "../../../lib/ui/agent/chart_session.ts";
import { OlderCandles } from "../../../lib/ui/agent/older_candles.ts";
import { chart } from "./chart_fixtures.ts";

const range = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => from + index);

function world(firstSeq: number) {
  const known = signal<ChartResponse | null>(
    chart(range(firstSeq, firstSeq + 10)),
  );
  const asked: number[] = [];
  let fails = false;
  const older = new OlderCandles({
    chart: known,
    load: (beforeSeq, limit) => {
      asked.push(beforeSeq);
      return fails ? Promise.reject(new Error("no answer")) : Promise.resolve(
        // The agent remembers candles from 300 on.
        chart(range(Math.max(300, beforeSeq - limit), beforeSeq)),
      );
    },
  });
  return {
    known,
    older,
    asked,
    fail: (does: boolean) => void (fails = does),
    first: () => known.value!.candles[0]!.seq,
  };
}

Deno.test("OlderCandles goes back as far as the agent remembers, one answer at a time", async () => {
  const { older, asked, first } = world(1_000);
  await Promise.all([older.load(), older.load()]);
  deepEqual([asked, first(), older.state.value], [[1_000], 400, "more"]);
  await older.load();
  deepEqual([first(), older.state.value], [300, "end"]);
  await older.load();
  deepEqual(asked, [1_000, 400]);
  older.begin();
  equal(older.state.value, "more");
});

Deno.test("OlderCandles says why none came, and asks again", async () => {
  const { older, fail, first } = world(500);
  fail(true);
  await older.load();
  equal(older.state.value, "more");
  equal(older.failure.value, "no answer");
  fail(false);
  await older.load();
  deepEqual([older.failure.value, first()], [null, 300]);
});

Deno.test("OlderCandles may ask on after an answer that came too late for its chart, whatever failed before", async () => {
  const { older, known, fail, first } = world(500);
  fail(true);
  await older.load();
  equal(older.mayCome, false);
  fail(false);
  const loading = older.load();
  known.value = chart(range(900, 910));
  await loading;
  deepEqual([older.mayCome, older.failure.value], [true, null]);
  await older.load();
  equal(first(), 300);
});

Deno.test("OlderCandles leaves a chart alone that began anew meanwhile, and the first candle of all has none before it", async () => {
  const { older, known, first } = world(500);
  const loading = older.load();
  known.value = chart(range(900, 910));
  await loading;
  deepEqual([first(), older.state.value], [900, "more"]);
  known.value = chart(range(0, 3));
  await older.load();
  equal(older.state.value, "end");
});

Deno.test("ChartSession.goToSeq() fetches the candles back to the one that is asked for, and says where it is not kept", async () => {
  const { known, older, asked, first } = world(1_500);
  const session = new ChartSession({
    chart: known,
    older,
    market: "BTC/USDT",
    timeframe: "15m",
  });
  await session.goToSeq(700);
  deepEqual([first(), session.missing.value], [300, null]);
  deepEqual(asked, [1_500, 900]);
  await session.goToSeq(299);
  equal(session.missing.value, 299);
  await session.goToSeq(1_505);
  equal(session.missing.value, null);
});
