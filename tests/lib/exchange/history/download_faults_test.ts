import assert from "node:assert/strict";
import { loadCandleFile } from "../../../../lib/exchange/candle_file.ts";
import { PAGE_ATTEMPTS_MAX } from "../../../../lib/exchange/history/limits.ts";
import { withTempDir } from "../../../support/temp.ts";
import { startFakeBinance, type Trouble } from "./fake_binance.ts";
import { assertWhole, download, market } from "./download_support.ts";

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
