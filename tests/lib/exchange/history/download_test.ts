/** Downloads through the real ccxt from a real server on loopback. */
import assert from "node:assert/strict";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { checkPage } from "../../../../lib/exchange/history/page.ts";
import { withTempDir } from "../../../support/temp.ts";
import { fakeKline, startFakeBinance } from "./fake_binance.ts";
import {
  assertWhole,
  download,
  expectedTimes,
  market,
  minute,
  MINUTE_MS,
} from "./download_support.ts";

Deno.test("downloadHistory() takes every finished candle, over holes and page ends", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    const { result } = await download({ server, path });
    assert.equal(result.endedBy, "complete");
    assert.equal(result.added, expectedTimes().length);
    await assertWhole(path);
    const again = await download({ server, path });
    assert.deepEqual([again.result.added, again.result.pages], [0, 0]);
  });
});

Deno.test("downloadHistory() goes on after the last stored candle, also after a block that was cut off", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    await download({ server, path, options: { toAt: minute(300) } });
    const { size } = await Deno.stat(path);
    await download({ server, path, options: { toAt: minute(350) } });
    await Deno.truncate(path, size + 20);
    server.asked.length = 0;
    await download({ server, path });
    assert.equal(server.asked[0], minute(300));
    await assertWhole(path);
  });
});

Deno.test({
  name:
    "downloadHistory() asks again where an answer stands still in its middle",
  // ccxt gives no way to end a request that it has begun.
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    await withTempDir(async (folder) => {
      await using server = await startFakeBinance(market());
      const path = `${folder}/a.candles`;
      server.troubles = [{ kind: "stall" }];
      const { pauses, result } = await download({
        server,
        path,
        answerMsMax: 1_000,
      });
      assert.equal(result.endedBy, "complete");
      assert(pauses.length > 0);
      await assertWhole(path);
    });
  },
});

Deno.test("downloadHistory() drops candles that come again", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    const rows = [0, 1, 1, 2].map((count) => fakeKline(minute(count)));
    server.troubles = [{ kind: "rows", rows }];
    const { result } = await download({ server, path });
    assert.equal(result.overlapping, 1);
    await assertWhole(path);
  });
});

Deno.test("checkPage() tells candles that come again, and those of them that changed", () => {
  const candle = (count: number, close = 11) => [
    minute(count),
    ...[10, 12, 9, close, 5],
  ];
  const context = {
    name: "a venue",
    stepMs: MINUTE_MS,
    lastAt: -Infinity,
    endAt: minute(4),
    previous: new Map(),
  };
  const first = checkPage([candle(0), candle(1)], context);
  const again = [candle(0), candle(1, 10), candle(2), candle(3), candle(4)];
  again[3]!.pop();
  const second = checkPage(again, {
    ...context,
    lastAt: minute(1),
    previous: first.candles,
  });
  assert.deepEqual([...second.packed], [
    ...candle(2),
    ...candle(3).slice(0, 5),
    0,
  ]);
  assert.deepEqual(
    [second.overlapping, second.revised, second.volumeUnknown],
    [2, 1, 1],
  );
  assert.throws(
    () => checkPage([candle(1), candle(0)], context),
    /comes after a later candle/,
  );
});

const row = (at: number, cells: Readonly<Record<number, unknown>> = {}) =>
  fakeKline(at).map((cell, column) => cells[column] ?? cell);

const WRONG_PAGES: Readonly<
  Record<string, [(readonly unknown[])[], RegExp]>
> = {
  "a row that is no candle": [
    [row(minute(0)), row(minute(1), { 2: "1" })],
    /binance BTC\/USDT sent a row that is no candle/,
  ],
  "a candle off the grid": [
    [row(minute(0) + 1)],
    /The candle of 2024-01-01T00:00:00\.001Z .* not on the grid/,
  ],
  "a candle twice with other numbers": [
    [row(minute(0)), row(minute(0), { 5: "99" })],
    /comes twice, with other numbers/,
  ],
};

for (const [what, [rows, sentence]] of Object.entries(WRONG_PAGES)) {
  Deno.test(`downloadHistory() refuses a page with ${what}, and stores nothing of it`, async () => {
    await withTempDir(async (folder) => {
      await using server = await startFakeBinance(market());
      const path = `${folder}/a.candles`;
      server.troubles = [{ kind: "rows", rows }];
      await assert.rejects(download({ server, path }), sentence);
      await assert.rejects(loadCandleFile(path), /has no candle/);
    });
  });
}
