import type { BacktestReport } from "../../contracts/backtest_report.ts";
import type { Trade } from "../../contracts/order.ts";
import { Card, Fact } from "../Card.tsx";
import { formatCount, formatDuration, formatUtcDateTime } from "../format.ts";
import type { Tone } from "../words.ts";
import { Glyph } from "../Glyph.tsx";
import { EquityFigure } from "./EquityFigure.tsx";
import { ResultKpis } from "./ResultKpis.tsx";
import { ChanceTable, MonthTable, PatternTable } from "./ResultTables.tsx";
import { StudyTable } from "./StudyTable.tsx";
import { TradeTable } from "./TradeTable.tsx";
import { verdictOf } from "./verdict.ts";

/** A whole result, from the sentence to the hash. */
export function ResultView(
  { report, tradesTotal, showsAllTrades, loadTrades }: {
    /** With the newest trades only. */
    report: BacktestReport;
    tradesTotal: number;
    showsAllTrades: boolean;
    loadTrades: () => Promise<readonly Trade[]>;
  },
) {
  return (
    <>
      <VerdictCard report={report} />
      <ResultKpis report={report} />
      <EquityFigure report={report} />
      <StudyTable study={report.study} />
      <div class="result-pair">
        <MonthTable months={report.months} />
        <PatternTable patterns={report.patterns} />
      </div>
      <ChanceTable report={report} />
      <TradeTable
        trades={report.trades}
        total={tradesTotal}
        showsAll={showsAllTrades}
        leftOut={report.tradesLeftOut}
        loadAll={loadTrades}
        label={report.config.name}
      />
      <Origin report={report} />
    </>
  );
}

function VerdictCard({ report }: { report: BacktestReport }) {
  const { result, alarm, comparisons, doubts } = verdictOf(report);
  const end = report.endState === null
    ? []
    : [`At the end: ${report.endState}`];
  const cautions = [...doubts, ...end];
  return (
    <section
      class={`card verdict tone-${toneOf(report, alarm)}`}
      aria-label="Verdict"
      data-testid="verdict"
    >
      <p class="verdict-headline">{result}</p>
      {alarm !== null && (
        <p class="tone-danger">
          <Glyph name="cross" /> <strong>{alarm}</strong>
        </p>
      )}
      {comparisons.map((line) => <p key={line}>{line}</p>)}
      {cautions.length > 0 && (
        <ul class="plain-list verdict-cautions">
          {cautions.map((line) => (
            <li key={line}>
              <Glyph name="warn" /> <span>{line}</span>
            </li>
          ))}
        </ul>
      )}
      <p class="muted small">
        Simulated. Past results say nothing about the future.
      </p>
    </section>
  );
}

/** A gain that cannot be believed is no good news. */
function toneOf({ summary }: BacktestReport, alarm: string | null): Tone {
  if (alarm !== null) return "danger";
  const sign = Math.sign(Number(summary.netPnl ?? 0));
  return sign === 0 ? "muted" : sign > 0 ? "ok" : "warn";
}

/** What was run over what, so that somebody else can run it again. */
function Origin({ report }: { report: BacktestReport }) {
  const { data, config, template, runHash, summary } = report;
  return (
    <Card title="What was run">
      <dl class="facts">
        <Fact name="Candles">
          {formatCount(data.candles)} from {data.source},{" "}
          {formatUtcDateTime(data.firstAt).slice(0, 16)} to{" "}
          {formatUtcDateTime(data.lastAt).slice(0, 16)} UTC
        </Fact>
        <Fact name="Gaps">
          {data.gaps === 0
            ? "none"
            : `${formatCount(data.gaps)}, longest ${
              formatDuration(data.longestGapMs)
            }`}
        </Fact>
        <Fact name="Template">{template ?? "none; an own configuration"}</Fact>
        <Fact name="Run hash">
          <code data-testid="run-hash">{runHash}</code>
        </Fact>
        <Fact name="Candles hash">
          <code>{data.candlesHash}</code>
        </Fact>
        <Fact name="Trades hash">
          <code>{summary.tradesHash}</code>
        </Fact>
      </dl>
      <details class="disclosure">
        <summary>Configuration</summary>
        <pre class="json" tabIndex={0}>{JSON.stringify(config, null, 2)}</pre>
      </details>
    </Card>
  );
}
