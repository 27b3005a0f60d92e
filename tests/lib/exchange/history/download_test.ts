/** Downloads through the real ccxt from a real server on loopback. */
import assert from "node:assert/strict";
import { AppError } from "../../../../lib/core/errors.ts";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { ColumnarAppender } from "../../../../lib/exchange/columnar/writer.ts";
import {
  checkBaseUrl,
  openVenue,
  type VenueOptions,
} from "../../../../lib/exchange/history/ccxt_venue.ts";
import {
  downloadHistory,
  type DownloadOptions,
} from "../../../../lib/exchange/history/download.ts";
import { checkPage } from "../../../../lib/exchange/history/page.ts";
import { PAGE_ATTEMPTS_MAX } from "../../../../lib/exchange/history/limits.ts";
import { withTempDir } from "../../../support/temp.ts";
import {
  type FakeBinance,
  fakeKline,
  fakeRow,
  startFakeBinance,
  type Trouble,
} from "./fake_binance.ts";

const MINUTE_MS = 60_000;
const T0 = Date.UTC(2024, 0, 1);
const minute = (count: number) => T0 + count * MINUTE_MS;

/** No test waits: pauses are written down instead. */
function waitless() {
  const pauses: number[] = [];
  return {
    pauses,
    waiting: {
      sleep: (ms: number) => {
        pauses.push(ms);
        return Promise.resolve();
      },
      random: () => 1,
    },
    signal: new AbortController().signal,
    onPause: () => {},
  };
}

interface Run {
  server: FakeBinance;
  path: string;
  answerMsMax?: number;
  options?: Partial<DownloadOptions>;
}

async function download({ server, path, answerMsMax, options = {} }: Run) {
  const { pauses, ...retry } = waitless();
  const venue = await openVenue({
    exchange: "binance",
    symbol: "BTC/USDT",
    timeframe: "1m",
    baseUrl: server.url,
    retry,
    ...(answerMsMax === undefined ? {} : { answerMsMax }),
  });
  const header = { symbol: "BTC/USDT", stepMs: MINUTE_MS, source: "binance" };
  const file = await ColumnarAppender.open(path, header);
  try {
    const result = await downloadHistory({
      venue,
      file,
      name: "binance BTC/USDT",
      fromAt: T0,
      toAt: Infinity,
      onProgress: () => {},
      ...retry,
      ...options,
    });
    return { result, pauses };
  } finally {
    file.close();
  }
}

/** A market of 2,500 minutes, without one in every hundred, and with a hole of 1,200. */
function market() {
  return {
    firstAt: T0,
    nowAt: minute(2_500) + 20_000,
    hasCandle: (at: number) => {
      const count = (at - T0) / MINUTE_MS;
      return count % 100 !== 7 && (count < 600 || count >= 1_800);
    },
  };
}

/** What a whole download of that market holds: all but the candle that is open. */
function expectedTimes(): number[] {
  const { hasCandle } = market();
  return Array.from({ length: 2_500 }, (_, count) => minute(count))
    .filter(hasCandle);
}

async function assertWhole(path: string): Promise<void> {
  const series = await loadCandleFile(path);
  assert.deepEqual([...series].map(({ openAt }) => openAt), expectedTimes());
  for (const { openAt, open, high, low, close, volume } of series) {
    assert.deepEqual(
      [open, high, low, close, volume],
      fakeRow(openAt).map(Number),
    );
  }
}

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

Deno.test("downloadHistory() repeats what passes: a rate limit, cut connections, an error page", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    server.troubles = [
      { kind: "status", status: 429, retryAfter: "7" },
      { kind: "cut" },
      { kind: "garbage" },
      null,
      { kind: "status", status: 500 },
    ];
    const { pauses, result } = await download({ server, path });
    assert.equal(result.endedBy, "complete");
    assert.deepEqual(pauses, [7_000, 2_000, 4_000, 1_000]);
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

Deno.test("downloadHistory() ends after a bound of attempts and keeps what it has", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    const down: Trouble = { kind: "status", status: 503 };
    server.troubles = [null, ...Array<Trouble>(20).fill(down)];
    const { pauses, result } = await download({ server, path });
    assert.equal(result.endedBy, "failed");
    assert.match(result.failure!, /^binance does not answer: .*trouble/);
    assert.equal(pauses.length, PAGE_ATTEMPTS_MAX - 1);
    assert.equal((await loadCandleFile(path)).length, result.added);
    server.troubles = [];
    await download({ server, path });
    await assertWhole(path);
  });
});

Deno.test("downloadHistory() does not wait for longer than its bound, and not at all for what lasts", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    server.troubles = [{ kind: "status", status: 418, retryAfter: "7200" }];
    const banned = await download({ server, path });
    assert.equal(banned.result.endedBy, "failed");
    assert.deepEqual(banned.pauses, []);
    server.troubles = [{ kind: "status", status: 400, code: -1121 }];
    const refused = await download({ server, path });
    assert.equal(refused.result.endedBy, "failed");
    assert.deepEqual(refused.pauses, []);
  });
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

Deno.test("downloadHistory() ends in order when it is interrupted", async () => {
  await withTempDir(async (folder) => {
    await using server = await startFakeBinance(market());
    const path = `${folder}/a.candles`;
    const interrupt = new AbortController();
    const { result } = await download({
      server,
      path,
      options: {
        signal: interrupt.signal,
        onProgress: () => interrupt.abort(),
      },
    });
    assert.deepEqual([result.endedBy, result.pages], ["interrupted", 1]);
    assert.equal((await loadCandleFile(path)).length, result.added);
  });
});

Deno.test("openVenue() says which exchange, market and timeframe there are", async () => {
  await using server = await startFakeBinance(market());
  const open = (options: Partial<VenueOptions>) =>
    openVenue({
      exchange: "binance",
      symbol: "BTC/USDT",
      timeframe: "1m",
      baseUrl: server.url,
      retry: waitless(),
      ...options,
    }).then(() => assert.fail("it was opened"), (error) => {
      assert(error instanceof AppError, String(error));
      return error.message;
    });
  assert.match(
    await open({ exchange: "binanse" }),
    /^There is no exchange "binanse"\. Did you mean "binance"\?/,
  );
  assert.match(
    await open({ symbol: "BTC/EUR" }),
    /^binance has no market BTC\/EUR\. Of BTC it has BTC\/USDT/,
  );
  assert.match(
    await open({ symbol: "btcusdt" }),
    /^binance has no market btcusdt\. Did you mean "BTC\/USDT"\?/,
  );
  assert.match(
    await open({ exchange: "coinbase", timeframe: "4h" }),
    /^coinbase gives no 4h candles; choose 1m, 5m, 15m, 30m, 1h, 1d/,
  );
  assert.match(
    await open({ exchange: "bitflyer" }),
    /^bitflyer gives no history of candles/,
  );
});

Deno.test("openVenue() asks a silent exchange a few times, then says so", async () => {
  await using server = await startFakeBinance(market());
  server.isDown = true;
  const retry = waitless();
  await assert.rejects(
    openVenue({
      exchange: "binance",
      symbol: "BTC/USDT",
      timeframe: "1m",
      baseUrl: server.url,
      retry,
    }),
    /binance does not answer: .*503/,
  );
  assert.equal(retry.pauses.length, 2);
});

Deno.test("checkBaseUrl() takes https and loopback, and refuses clear text over a network", () => {
  assert.equal(checkBaseUrl("https://a.example/x"), "https://a.example");
  assert.equal(checkBaseUrl("http://127.0.0.1:8080"), "http://127.0.0.1:8080");
  assert.equal(checkBaseUrl("http://[::1]:1"), "http://[::1]:1");
  for (
    const text of [
      "http://10.0.0.1",
      "http://127.0.0.1.evil.example",
      "http://localhost.evil.example",
      "ftp://127.0.0.1",
      "file:///etc/passwd",
      "example.com",
      "",
    ]
  ) assert.throws(() => checkBaseUrl(text), /neither https nor a loopback/);
});
