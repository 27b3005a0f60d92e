import { equal, ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { TEMPLATES } from "../../agents/mod.ts";
import BacktestDesk, {
  type BacktestDeskProps,
} from "../../islands/BacktestDesk.tsx";
import BacktestReplay from "../../islands/BacktestReplay.tsx";
import BacktestResult, {
  type BacktestResultProps,
} from "../../islands/BacktestResult.tsx";
import { CompareTable } from "../../lib/ui/backtest/CompareTable.tsx";
import { connection } from "../../lib/ui/client/live.ts";
import {
  sampleReport,
  sampleSummary,
  sampleView,
} from "../lib/backtest/sample_report.ts";

/** What holds for everything the server paints. */
function checkMarkup(html: string): void {
  ok(!/\sstyle=/.test(html), "a style attribute breaks the page's policy");
  ok(!/NaN|undefined|\[object|Infinity/.test(html), "no value is shown broken");
}

function desk(changes: Partial<BacktestDeskProps> = {}): string {
  const html = render(
    <BacktestDesk
      runs={[]}
      templates={TEMPLATES}
      agents={[{ id: "agt_1", name: "my agent" }]}
      files={[{ file: "btc-15m.csv", bytes: 1 }]}
      headSeq={0}
      user={{ id: "usr_1", role: "trader" }}
      {...changes}
    />,
  );
  checkMarkup(html);
  return html;
}

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
      user={{ id: "usr_1", role: "trader" }}
      isLiveArmed={false}
      {...changes}
    />,
  );
  checkMarkup(html);
  return html;
}

Deno.test("BacktestDesk is a usable form where there is no run yet", () => {
  const html = desk();
  ok(html.includes("No backtest yet"));
  ok(
    html.includes('value="agent:agt_1"'),
    "an agent's configuration is offered",
  );
  ok(html.includes("Run backtest"));
  ok(
    !html.includes("aria-invalid"),
    "nothing is wrong before anything was typed",
  );
});

Deno.test("BacktestDesk shows waiting, running, failed and finished runs as they are", () => {
  const html = desk({
    runs: [
      sampleView({
        id: "bt_4",
        label: "waits",
        state: "queued",
        summary: null,
      }),
      sampleView({
        id: "bt_3",
        label: "runs",
        state: "running",
        summary: null,
        progress: { phase: "backtest", share: 0.42, candlesPerSecond: 1_234 },
      }),
      sampleView({
        id: "bt_2",
        label: "broke",
        state: "failed",
        summary: null,
        detail: "The file is gone",
      }),
      sampleView({ id: "bt_1", label: "ended" }),
    ],
  });
  ok(html.includes("backtest 42% · 1,234 candles/s"));
  ok(html.includes('value="0.42"'), "a progress bar for eyes");
  ok(html.includes("1 more waiting"));
  ok(html.includes("The file is gone"));
  ok(
    html.includes("−1.21%") && html.includes("▼"),
    "a loss has sign, arrow and colour",
  );
  ok(html.includes("The run has no result"), "an unknown value has its reason");
  ok(html.includes("Simulated"));
});

Deno.test("BacktestDesk tells a viewer which role is needed, and what could not be read", () => {
  const html = desk({
    user: { id: "usr_1", role: "viewer" },
    files: null,
    runs: [sampleView({ state: "running", summary: null })],
  });
  ok(html.includes("Needs role trader"));
  ok(html.includes("Needs role operator"));
  ok(html.includes("The candle folder could not be read"));
});

Deno.test("BacktestDesk is marked stale and sends nothing while the server does not answer", () => {
  connection.value = { kind: "offline", attempt: 3, since: 0 };
  try {
    const html = desk({ runs: [sampleView()] });
    ok(html.includes('class="backtests stale"'));
    ok(html.includes("The server has not answered since"));
    ok(html.includes("(The server does not answer)"));
  } finally {
    connection.value = { kind: "connecting" };
  }
});

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

Deno.test("BacktestReplay paints the first candle with what came in, was decided and was answered", () => {
  const step = { seq: 7, at: 0, told: [], decided: [], answered: [] };
  const html = render(
    <BacktestReplay
      run={sampleView()}
      first={{
        seq: 7,
        total: 500,
        chart: {
          candles: [],
          overlays: { zones: [], structure: [], sweeps: [], swings: [] },
          decisions: [],
        },
        trades: [],
        equity: [],
        step,
        steps: [{
          ...step,
          seq: 5,
          decided: [{ kind: "close", reason: "The trend turned" }],
          answered: [{
            type: "OrderDenied",
            seq: 6,
            intentId: "5.0",
            code: "POSITION_EXISTS",
            detail: "A position is open",
          }],
        }],
        nextSeq: null,
        previousSeq: 5,
        tradingState: "halted",
        hasPosition: true,
      }}
    />,
  );
  checkMarkup(html);
  ok(html.includes("Close the position: The trend turned"));
  ok(html.includes("Halted") && html.includes("a position is open"));
  ok(
    html.includes("Nothing happens after this"),
    "a control that leads nowhere says so",
  );
  ok(
    html.includes('type="range"') && html.includes('type="number"'),
    "the place is set without dragging, too",
  );
});
