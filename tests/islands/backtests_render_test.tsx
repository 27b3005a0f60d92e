import { ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import { TEMPLATES } from "../../agents/mod.ts";
import BacktestDesk, {
  type BacktestDeskProps,
} from "../../islands/BacktestDesk.tsx";
import BacktestReplay from "../../islands/BacktestReplay.tsx";
import { startOfTemplate } from "../../lib/ui/backtest/run_start.ts";
import { connection } from "../../lib/ui/client/live.ts";
import { sampleView } from "../lib/backtest/sample_report.ts";
import { checkMarkup } from "./backtests_markup.ts";

function desk(changes: Partial<BacktestDeskProps> = {}): string {
  const html = render(
    <BacktestDesk
      runs={[]}
      templates={TEMPLATES}
      start={startOfTemplate(TEMPLATES[0]!)}
      agents={[
        { id: "agt_1", name: "my agent", type: "pattern_detector", team: null },
        { id: "agt_2", name: "duo-boss", type: "executor", team: "duo" },
        {
          id: "agt_3",
          name: "duo-eyes",
          type: "pattern_detector",
          team: "duo",
        },
      ]}
      files={[{ file: "btc-15m.csv", bytes: 1 }]}
      headSeq={0}
      token={null}
      user={{ id: "usr_1", role: "trader" }}
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
  ok(html.includes("A team cannot be tested as a whole"));
  ok(
    /value="agent:agt_2"[^>]* disabled[^>]*>duo-boss \(Executor: it trades the signals/
      .test(html) ||
      /disabled[^>]* value="agent:agt_2"[^>]*>duo-boss/.test(html),
    "what cannot be tested by itself says why",
  );
  ok(html.includes('label="Team duo, one by one"'));
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
        noted: [{ level: "info", message: "A new bullish order block" }],
        engine: {
          seq: 7,
          at: 0,
          outcome: "abstained",
          bias: null,
          confidence: null,
          disagreement: 0.4,
          expectedMovePct: null,
          votes: [{
            model: "own-lstm",
            probabilities: { down: 0.2, flat: 0.3, up: 0.5 },
            failure: null,
          }],
          reason: "The models are too far apart",
          unusual: [],
        },
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
  for (
    const said of [
      "A new bullish order block",
      "own-lstm",
      "50.0%",
      "The models are too far apart",
      'href="?seq=5"',
    ]
  ) ok(html.includes(said), said);
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
