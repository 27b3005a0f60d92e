import type { BacktestReport } from "../../contracts/backtest_report.ts";

/** A report as one plain page without script. Its numbers are those of the report, unknown ones a dash. */
export function renderTearSheet(report: BacktestReport): string {
  const { summary, data, config } = report;
  const rows: [string, string | number | null][] = [
    ["Market", `${data.symbol} ${data.timeframe}`],
    ["Candles", `${data.candles} from ${data.source}`],
    ["Net result", summary.netPnl],
    ["Return %", fixed(summary.returnPct)],
    ["Largest drawdown %", fixed(summary.maxDrawdownPct)],
    ["Sharpe ratio", fixed(summary.sharpe)],
    ["Sortino ratio", fixed(summary.sortino)],
    ["Profit factor", fixed(summary.profitFactor)],
    ["Win rate %", fixed(summary.winRatePct)],
    ["Trades", summary.trades],
    ["Fees paid", summary.feesPaid],
    ["Run hash", report.runHash],
  ];
  const title = escape(`Backtest of ${config.name}`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem}
th{text-align:left;font-weight:500;padding-right:2rem;vertical-align:top}td{overflow-wrap:anywhere}</style></head>
<body><h1>${title}</h1>
<p>Simulated, costs included. Past results say nothing about the future.</p>
<table><caption>Figures</caption><tbody>
${
    rows.map(([name, value]) =>
      `<tr><th scope="row">${name}</th><td>${
        escape(value === null ? "—" : String(value))
      }</td></tr>`
    ).join("\n")
  }
</tbody></table></body></html>
`;
}

function fixed(value: number | null): string | null {
  return value === null ? null : value.toFixed(2);
}

function escape(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
