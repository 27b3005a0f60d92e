/** The command as a person starts it: `deno task data`, in a process with its own permissions. */
import assert from "node:assert/strict";
import { withTempDir } from "../../support/temp.ts";
import { startFakeBinance } from "../exchange/history/fake_binance.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const T0 = Date.UTC(2024, 0, 1);

async function task(args: readonly string[], env: Record<string, string>) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "data", ...args],
    cwd: ROOT,
    env: { ...env, NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("deno task data imports from where it was called into CANDLES_DIR, and downloads", async () => {
  await withTempDir(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/mine.csv`,
      "time,open,high,low,close\n2024-01-01,1,2,1,2\n2024-01-02,2,3,2,3\n",
    );
    const env = { CANDLES_DIR: `${folder}/candles`, INIT_CWD: folder };
    const imported = await task(["import", "mine.csv", "--json"], env);
    assert.equal(imported.code, 0, imported.err);
    assert.equal(JSON.parse(imported.out).step, "1d");

    await using server = await startFakeBinance({
      firstAt: T0,
      nowAt: T0 + 30 * 60_000,
      hasCandle: () => true,
    });
    const downloaded = await task([
      "download",
      ...["--exchange", "binance", "--symbol", "BTC/USDT"],
      ...["--timeframe", "1m", "--from", "2024-01-01", "--json"],
      ...["--base-url", server.url],
    ], env);
    assert.equal(downloaded.code, 0, downloaded.err);
    assert.equal(JSON.parse(downloaded.out).rows, 30);
    assert.deepEqual(
      [...Deno.readDirSync(`${folder}/candles`)].map(({ name }) => name).sort(),
      ["binance-btc-usdt-1m.candles", "mine.candles"],
    );
    const wrong = await task(["show", "nothing"], env);
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  });
});
