/**
 * Look-ahead check: reruns that have fewer candles, handed over one by one, must
 * decide and trade as the whole run did up to their end. An agent that reads
 * ahead in what it is handed cannot.
 *
 * @module
 */
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { LookAheadCheck } from "../../contracts/backtest_report.ts";
import { canonicalTrade } from "../../desk/account/trades_hash.ts";
import { trailBlock } from "../decision_trail.ts";
import type { BacktestRun } from "../engine.ts";
import type { JobRunner } from "../workers/job.ts";
import type { CandleRange } from "./sweep.ts";

/** Where the candles are cut, in parts of the whole; one more cut lies near the end. */
const CUT_SHARES = [0.25, 0.5, 0.75] as const;

/** Numbers of candles that the reruns have, ascending, each the end of a block of the trail. */
export function cutsOf(candles: number): readonly number[] {
  const block = trailBlock(candles);
  const ends = CUT_SHARES.map((share) =>
    Math.floor(candles * share / block) * block
  );
  ends.push(Math.floor((candles - 1) / block) * block);
  return [...new Set(ends)].filter((count) => count > 0);
}

/** Compares a run that has a trail with reruns on truncated candles. Of two differences the earlier one is told. */
export async function checkLookAhead(
  runner: JobRunner,
  options: { config: AgentConfig; range: CandleRange; whole: BacktestRun },
): Promise<LookAheadCheck> {
  const { config, range, whole } = options;
  const candles = range.toSeq - range.fromSeq;
  const cuts = cutsOf(candles);
  const block = trailBlock(candles);
  const differences = await Promise.all(cuts.map(async (cut) => {
    const { run } = await runner.run({
      config,
      fromSeq: range.fromSeq,
      toSeq: range.fromSeq + cut,
      batchCandles: 1,
      trailBlock: block,
      keeps: "whole",
    });
    return differenceOf(run!, { whole, cut, block, fromSeq: range.fromSeq });
  }));
  const difference = differences.find((sentence) => sentence !== null) ?? null;
  return { cuts, agrees: difference === null, difference };
}

function differenceOf(
  rerun: BacktestRun,
  { whole, cut, block, fromSeq }: {
    whole: BacktestRun;
    cut: number;
    block: number;
    fromSeq: number;
  },
): string | null {
  const blocks = cut / block;
  for (let index = 0; index < blocks; index++) {
    if (rerun.trail[index] === whole.trail[index]) continue;
    const from = fromSeq + index * block;
    return `With ${cut} candles, seen one by one, the agent decides otherwise between candles ${from} and ${
      from + block - 1
    } than with all of them: it looks ahead`;
  }
  const expected = whole.trades.filter(({ exitSeq }) =>
    exitSeq < fromSeq + cut
  );
  const { trades } = rerun;
  const count = Math.max(expected.length, trades.length);
  for (let index = 0; index < count; index++) {
    const [then, now] = [expected[index], trades[index]];
    const isSame = then !== undefined && now !== undefined &&
      canonicalTrade(then) === canonicalTrade(now);
    if (isSame) continue;
    return `With ${cut} candles trade ${
      index + 1
    } differs from that of the whole run: it looks ahead`;
  }
  return null;
}
