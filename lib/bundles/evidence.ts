import type { BacktestDetail, BacktestView } from "../contracts/backtest.ts";
import type { CheckOutcome, Evidence } from "../contracts/bundle.ts";
import {
  tradedConfig,
  type UnnamedConfig,
} from "../contracts/shared_config.ts";
import type { SharedTemplate } from "../contracts/template.ts";
import { canonicalText, toJson } from "../core/canonical.ts";
import { AppError } from "../core/errors.ts";
import { jsonDiff } from "../core/json_diff.ts";

/** Settings that are named where a backtest has other ones; more are counted. */
const NAMED_SETTINGS = 5;

/** Whether two configurations give the same trades on the same candles. */
export function tradeAlike(one: UnnamedConfig, other: UnnamedConfig): boolean {
  return textOf(one) === textOf(other);
}

function textOf(config: UnnamedConfig): string {
  return canonicalText(toJson(tradedConfig(config)));
}

/**
 * What a backtest says of the part whose configuration it was run with.
 *
 * @throws {AppError} EVIDENCE_FOREIGN where it is of none of them, is not done,
 * or is a study: such a result cannot be had again from one configuration.
 */
export function toEvidence(
  run: BacktestDetail,
  parts: readonly SharedTemplate[],
): Evidence {
  const { report, label } = run;
  if (report === null) {
    throw foreign(`The backtest "${label}" is not done; wait for its end`);
  }
  if (report.study.kind !== "single") {
    throw foreign(
      `The backtest "${label}" tries several configurations; run the chosen one alone and share that`,
    );
  }
  const part = parts.find(({ config }) => tradeAlike(config, report.config));
  if (part === undefined) {
    throw foreign(
      `The backtest "${label}" was run with other settings (${
        settingsText(parts[0]!.config, report.config)
      }); run it with this configuration unchanged`,
    );
  }
  const { data, summary, metrics } = report;
  return {
    part: part.name,
    data: run.request.data,
    simulatedCandles: data.simulatedCandles,
    symbol: data.symbol,
    timeframe: data.timeframe,
    candles: data.candles,
    firstAt: data.firstAt,
    lastAt: data.lastAt,
    candlesHash: data.candlesHash,
    seed: report.config.seed,
    tradesHash: summary.tradesHash,
    figures: {
      trades: summary.trades,
      netPnl: summary.netPnl,
      returnPct: summary.returnPct,
      maxDrawdownPct: summary.maxDrawdownPct,
      sharpe: summary.sharpe,
      sortino: metrics.sortino,
      profitFactor: summary.profitFactor,
      winRatePct: summary.winRatePct,
      feesPaid: summary.feesPaid,
    },
  };
}

function settingsText(one: UnnamedConfig, other: UnnamedConfig): string {
  const pointers = jsonDiff(tradedConfig(one), tradedConfig(other))
    .map(({ pointer }) => pointer.slice(1).replaceAll("/", "."));
  const rest = pointers.length - NAMED_SETTINGS;
  const named = pointers.slice(0, NAMED_SETTINGS).join(", ");
  return rest > 0 ? `${named} and ${rest} more` : named;
}

/** Whether a run is one of this evidence: its configuration over its candles. */
export function isRunOf(
  { request }: BacktestView,
  { evidence, config }: { evidence: Evidence; config: UnnamedConfig },
): boolean {
  return request.study.kind === "single" &&
    tradeAlike(request.config, config) &&
    canonicalText(toJson(request.data)) ===
      canonicalText(toJson(evidence.data));
}

/** What a run that was made here says of the figures that a bundle claims. */
export function outcomeOf(
  { state, report }: BacktestDetail,
  { candlesHash, tradesHash }: Evidence,
): CheckOutcome {
  if (state === "queued" || state === "running") return "running";
  if (report === null) return "failed";
  if (report.data.candlesHash !== candlesHash) return "other_candles";
  return report.summary.tradesHash === tradesHash ? "equal" : "different";
}

function foreign(detail: string): AppError {
  return new AppError("EVIDENCE_FOREIGN", detail, { status: 422 });
}
