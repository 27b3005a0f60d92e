/**
 * What a server needs to carry out backtests in its own isolate: the one place
 * that names the runner, the reader of candles and the tear sheet.
 *
 * @module
 */
import { patternDetector } from "../../../agents/mod.ts";
import type { BacktestRequest } from "../../contracts/backtest.ts";
import type { BacktestServiceOptions } from "../service.ts";
import { ReplayRoom } from "../service/replay_room.ts";
import { describeCandleFile, loadCandles } from "./candles.ts";
import { createInlineRunner } from "./runner.ts";
import { renderTearSheet } from "../report/tear_sheet.tsx";

/** The parts of the service that do the work. */
export function inlineParts(
  { candlesDir }: { candlesDir: string },
): Pick<
  BacktestServiceOptions,
  "run" | "renderTearSheet" | "describeFile" | "replays"
> {
  const parts = {
    behavior: patternDetector,
    loadCandles: (request: BacktestRequest) => loadCandles(request, candlesDir),
  };
  return {
    run: createInlineRunner(parts),
    renderTearSheet,
    describeFile: (file) => describeCandleFile(`${candlesDir}/${file}`),
    replays: new ReplayRoom(parts),
  };
}
