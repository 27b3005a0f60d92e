/** Backtests in fresh processes, which nobody kills: what an undisturbed replay has to equal. */
import { OVERRIDES, type ReplayFile, TEMPLATE } from "./plan.ts";

const ROOT = new URL("../../", import.meta.url);

/** What is compared. */
export interface BacktestSummary {
  trades: number;
  tradesHash: string;
}

/** Runs the backtest of every file, two at a time. */
export async function backtestFiles(
  folder: string,
  files: readonly ReplayFile[],
): Promise<Map<string, BacktestSummary>> {
  return new Map(
    await Promise.all(
      files.map(async ({ name }): Promise<[string, BacktestSummary]> => [
        name,
        await backtest(`${folder}/${name}`),
      ]),
    ),
  );
}

async function backtest(path: string): Promise<BacktestSummary> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "task",
      "--quiet",
      "backtest",
      "--candles",
      path,
      "--template",
      TEMPLATE,
      ...Object.entries(OVERRIDES).flatMap(([key, value]) => [
        "--set",
        `${key}=${value}`,
      ]),
      "--json",
    ],
    cwd: ROOT,
    env: { NO_COLOR: "1" },
  }).output();
  if (code !== 0) {
    throw new Error(`The backtest failed: ${new TextDecoder().decode(stderr)}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout));
}
