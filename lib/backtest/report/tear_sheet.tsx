/**
 * The tear sheet: a report as one HTML file that needs nothing else, no script,
 * no picture, no font, no network. It can be mailed, printed and kept.
 *
 * @module
 */
import { renderToString } from "preact-render-to-string";
import type { BacktestReport } from "../../contracts/backtest_report.ts";
import {
  formatCount,
  formatUtcDay,
  plural,
  quoteOf,
  signOf,
} from "../../ui/format.ts";
import { EquityCharts } from "./Charts.tsx";
import { AllFigures } from "./AllFigures.tsx";
import { KeyFigures } from "./KeyFigures.tsx";
import { ResultHistogram } from "./Histogram.tsx";
import {
  BaselineTable,
  LookAheadPart,
  MonteCarloPart,
  RandomEntryPart,
} from "./Robustness.tsx";
import { ConfigTables, OriginTable } from "./Setup.tsx";
import { StudyPart } from "./StudyTables.tsx";
import { STYLE } from "./style.ts";
import { DrawdownTable, MonthTable } from "./TimeTables.tsx";
import { PatternTable, TradeTable } from "./TradeTables.tsx";
import { ValueAtRiskPart } from "./ValueAtRisk.tsx";
import { Foreign, Section } from "./Values.tsx";
import { verdictOf } from "../../ui/backtest/verdict.ts";

/** Nothing may be loaded or run, whatever text the report holds. */
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
  "base-uri 'none'; form-action 'none'";

const STUDIES = {
  single: "Single run",
  sweep: "Best of a sweep",
  walk_forward: "Walk-forward study",
} as const;

/** Renders a report as a complete HTML document. All text in it is escaped. */
export function renderTearSheet(report: BacktestReport): string {
  const title = renderToString(
    <title>
      {`${report.config.name} — backtest of ${report.data.symbol} ${report.data.timeframe}`}
    </title>,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
${title}
<style>${STYLE}</style>
</head>
<body>
${renderToString(<Sheet report={report} />)}
</body>
</html>
`;
}

function Sheet({ report }: { report: BacktestReport }) {
  const isStudy = report.study.kind !== "single";
  return (
    <>
      <Header report={report} />
      <nav aria-label="Contents">
        <ul>
          {CONTENTS.filter(([id]) => id !== "study" || isStudy).map((
            [id, title],
          ) => (
            <li key={id}>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main>
        <Parts report={report} />
      </main>
      <footer>
        Simulated: fills are computed from candles, with costs. Past results say
        nothing about the future, and nothing here promises a profit. Times are
        UTC; ratios are from daily returns of market time, 365 days a year.
      </footer>
    </>
  );
}

const CONTENTS = [
  ["figures", "Figures"],
  ["curve", "Equity and drawdown"],
  ["more", "More figures"],
  ["months", "Months"],
  ["drawdowns", "Drawdowns"],
  ["patterns", "Patterns"],
  ["baselines", "Baselines and chance"],
  ["risk", "Risk of a day"],
  ["study", "Study"],
  ["trades", "Trades"],
  ["setup", "Configuration"],
  ["origin", "Reproduce"],
] as const;

const TITLES = Object.fromEntries(CONTENTS) as Record<
  (typeof CONTENTS)[number][0],
  string
>;

function Header({ report }: { report: BacktestReport }) {
  const { config, data, template, summary, study } = report;
  const verdict = verdictOf(report);
  const sign = signOf(summary.netPnl) ?? 0;
  const tone = sign > 0 ? "up" : sign < 0 ? "down" : "";
  const range = data.firstAt === null || data.lastAt === null
    ? "no candles"
    : `${formatUtcDay(data.firstAt)} to ${formatUtcDay(data.lastAt)}`;
  return (
    <header>
      <p class="eyebrow">Backtest · simulated fills · {STUDIES[study.kind]}</p>
      <h1>
        <Foreign text={config.name} />
      </h1>
      <p class="about">
        {data.symbol} {data.timeframe} · {range} ·{" "}
        {plural(data.candles, "candle")}
        {template !== null && (
          <>
            {" "}· template <Foreign text={template} />
          </>
        )}
      </p>
      <div class={`verdict ${tone}`}>
        <p class="result">
          {sign !== 0 && (
            <span class={`arrow ${tone}`} aria-hidden="true">
              {sign > 0 ? "▲" : "▼"}
            </span>
          )}
          {verdict.result}
        </p>
        {verdict.alarm !== null && (
          <p class="danger">
            <strong>✕ {verdict.alarm}</strong>
          </p>
        )}
        {verdict.comparisons.length > 0 && (
          <p>{verdict.comparisons.join(" ")}</p>
        )}
        {verdict.doubts.length > 0 && (
          <ul class="doubts">
            {verdict.doubts.map((doubt) => <li key={doubt}>{doubt}</li>)}
          </ul>
        )}
        <p class="small">
          Simulated. Past results say nothing about the future.
        </p>
      </div>
    </header>
  );
}

function Parts({ report }: { report: BacktestReport }) {
  const unit = quoteOf(report.config.symbol);
  const { metrics, study } = report;
  const results = report.trades.map(({ resultR }) => Number(resultR));
  return (
    <>
      <Section id="figures" title={TITLES.figures}>
        <KeyFigures report={report} />
      </Section>
      <Section id="curve" title={TITLES.curve}>
        <EquityCharts
          points={report.equity}
          initialCapital={report.config.risk.initialCapital}
          unit={unit}
        />
      </Section>
      <Section id="more" title={TITLES.more}>
        <AllFigures report={report} />
      </Section>
      <Section
        id="months"
        title={TITLES.months}
        note="Percent of the equity at the start of the month, UTC."
      >
        <MonthTable months={report.months} />
      </Section>
      <Section id="drawdowns" title={TITLES.drawdowns}>
        <DrawdownTable metrics={metrics} />
      </Section>
      <Section id="patterns" title={TITLES.patterns}>
        <PatternTable patterns={report.patterns} unit={unit} />
        <ResultHistogram results={results} />
        {report.tradesLeftOut > 0 && (
          <p class="note">
            The bars count the first {formatCount(results.length)} trades.
          </p>
        )}
      </Section>
      <Section id="baselines" title={TITLES.baselines}>
        <BaselineTable report={report} />
        <RandomEntryPart report={report} />
        <MonteCarloPart report={report} />
        <LookAheadPart check={report.lookAhead} />
      </Section>
      <Section id="risk" title={TITLES.risk}>
        <ValueAtRiskPart metrics={metrics} />
      </Section>
      {study.kind !== "single" && (
        <Section id="study" title={TITLES.study}>
          <StudyPart study={study} />
        </Section>
      )}
      <Section id="trades" title={TITLES.trades}>
        <TradeTable report={report} />
      </Section>
      <Section
        id="setup"
        title={TITLES.setup}
        note="By the names that --set takes. Feed and mode are left out: a backtest does not use them."
      >
        <ConfigTables config={report.config} />
      </Section>
      <Section id="origin" title={TITLES.origin}>
        <OriginTable report={report} />
      </Section>
    </>
  );
}
