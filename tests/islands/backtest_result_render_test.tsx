import { TEMPLATES } from "../../agents/mod.ts";
import BacktestResult, {
  type BacktestResultProps,
} from "../../islands/BacktestResult.tsx";
import { equal, ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { CompareTable } from "../../lib/ui/backtest/CompareTable.tsx";
import {
  sampleReport,
  sampleSummary,
  sampleView,
} from "../lib/backtest/sample_report.ts";
import { checkMarkup } from "./backtests_markup.ts";

function result(changes: Partial<BacktestResultProps> = {}): string {
  const html = render(
    <BacktestResult
      run={sampleView()}
      report={sampleReport()}
      tradesTotal={2}
      failure={null}
      templates={TEMPLATES}
      names={[]}
      headSeq={0}
      token={null}
      user={{ id: "usr_1", role: "trader" }}
      isLiveArmed={false}
      {...changes}
    />,
  );
  checkMarkup(html);
  return html;
}

Deno.test("BacktestResult paints verdict, figures, curve, tables and hash on the server", () => {
  const html = result();
  ok(html.includes("Lost 120.50 USDT"));
  ok(
    html.includes("hold +4.20%"),
    "figures stand beside those of buying and holding",
  );
  ok(
    html.includes('aria-label="Equity from 10,000.00 USDT'),
    "the picture has its words",
  );
  ok(html.includes("View curve as table"));
  ok(html.includes(sampleReport().runHash));
  ok(html.includes("Order Block"));
  ok(html.includes("55% of 20 runs did no better"));
  ok(html.includes("Past results say nothing about the future"));
  equal(html.match(/aria-sort="descending"/g)?.length, 1);
});

Deno.test("BacktestResult shows what is not known as not known", () => {
  const report = sampleReport();
  const html = result({
    report: {
      ...report,
      summary: sampleSummary({
        netPnl: null,
        returnPct: null,
        sharpe: null,
        sortino: null,
        profitFactor: null,
        winRatePct: null,
        trades: 0,
      }),
      baselines: { buyAndHold: null, randomEntry: null },
      monteCarlo: null,
      lookAhead: null,
      equity: [],
      months: [],
      patterns: [],
      trades: [],
    },
    tradesTotal: 0,
  });
  for (
    const text of [
      "because the equity is unknown",
      "The run has no equity curve",
      "Nothing was traded",
      "No trade was closed",
      "Fewer than two days",
    ]
  ) ok(html.includes(text), text);
});

Deno.test("BacktestResult shows sweeps and folds with the objective they were chosen by", () => {
  const summary = sampleSummary();
  const sweep = result({
    report: sampleReport({
      study: {
        kind: "sweep",
        objective: "netPnl",
        deflatedSharpe: 0.31,
        rows: [{ values: { "risk.leverage": 2 }, summary, score: null }],
      },
    }),
  });
  ok(sweep.includes("leverage 2") && sweep.includes("no luck 31%"));
  ok(sweep.includes("could not be computed for this set"));
  const walk = result({
    report: sampleReport({
      study: {
        kind: "walk_forward",
        objective: "sharpe",
        efficiency: 0.4,
        folds: [{
          fold: 1,
          trainFromSeq: 0,
          testFromSeq: 100,
          testToSeq: 200,
          chosen: { "risk.leverage": 5 },
          trainScore: 1.2,
          testScore: -0.3,
          trainSummary: summary,
          testSummary: summary,
        }],
      },
    }),
  });
  ok(walk.includes("the tests keep 40% of the training"));
  ok(walk.includes("−0.30") && walk.includes("100 to 200"));
});

Deno.test("BacktestResult shows progress, failures and a report that cannot be read", () => {
  const running = result({
    run: sampleView({
      state: "running",
      summary: null,
      progress: { phase: "sweep", share: 0.5, candlesPerSecond: null },
    }),
    report: null,
  });
  ok(running.includes("sweep 50%") && running.includes("Cancel run"));
  ok(!running.includes("Spawn with this config"));
  const failed = result({
    run: sampleView({
      state: "failed",
      summary: null,
      detail: "The server stopped before the run ended; start it again",
    }),
    report: null,
  });
  ok(failed.includes("The server stopped before the run ended"));
  const unread = result({
    report: null,
    failure: "The store did not give the report",
  });
  ok(unread.includes('role="alert"') && unread.includes("Retry"));
  ok(
    result({ user: { id: "usr_1", role: "viewer" } }).includes(
      "Needs role trader",
    ),
  );
});

Deno.test("CompareTable warns where runs are over different candles", () => {
  const one = {
    ...sampleView({ id: "bt_1", label: "one" }),
    report: sampleReport(),
  };
  const report = sampleReport();
  const two = {
    ...sampleView({ id: "bt_2", label: "two" }),
    report: { ...report, data: { ...report.data, candlesHash: "other" } },
  };
  const html = render(<CompareTable runs={[one, two]} />);
  checkMarkup(html);
  ok(html.includes("cannot be held against each other"));
  ok(
    !render(<CompareTable runs={[one, { ...one, id: "bt_3" }]} />).includes(
      "cannot be held",
    ),
  );
  const none = { ...sampleView({ state: "failed" }), report: null };
  ok(
    render(<CompareTable runs={[none]} />).includes(
      "None of these runs has a result",
    ),
  );
});

Deno.test("BacktestResult holds the place of a result that is on its way, and says where it could not be read", () => {
  const waiting = result({ report: null, tradesTotal: 0 });
  ok(waiting.includes("The result is being read"));
  ok(!result().includes("The result is being read"));
  const failed = result({
    report: null,
    failure: "The store did not give the report",
  });
  ok(failed.includes("The store did not give the report"));
  ok(!failed.includes("The result is being read"));
});
