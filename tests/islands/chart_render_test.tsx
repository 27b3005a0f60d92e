import { deepEqual, ok } from "node:assert/strict";
import { signal } from "@preact/signals";
import { renderToString } from "preact-render-to-string";
import AgentChart from "../../islands/AgentChart.tsx";
import type { Timeframe } from "../../lib/contracts/candle.ts";
import type { ChartResponse } from "../../lib/contracts/chart.ts";
import { chart, zone } from "../lib/ui/chart_fixtures.ts";

function paint(
  data: ChartResponse | null,
  { timeframe = "1m", failure = null }: {
    timeframe?: Timeframe;
    failure?: string | null;
  } = {},
): string {
  return renderToString(
    <AgentChart
      chart={signal(data)}
      failure={signal(
        failure === null
          ? null
          : { detail: failure, code: null, requestId: null },
      )}
      market="BTC/USDT"
      timeframe="1m"
      choice={{ timeframe, range: "latest" }}
      source="simulated"
      onRetry={() => {}}
    />,
  );
}

Deno.test("AgentChart says what stands in the place of the picture", () => {
  ok(paint(null).includes("skeleton"));
  const failed = paint(null, { failure: "The agent does not answer" });
  ok(failed.includes("The agent does not answer"));
  ok(failed.includes('data-testid="panel-retry"'));
  ok(paint(chart([])).includes("the agent has not seen its market"));
  // Nobody knows how the hour began.
  ok(
    paint(chart([7, 8]), { timeframe: "1h" })
      .includes("No candle of 1h began while the agent watched"),
  );
  const old = paint(chart([7, 8]), { failure: "The server does not answer" });
  ok(old.includes("As of the candle of 1970-01-01 00:08:00 UTC"));
});

Deno.test("AgentChart without script is a summary, a choice of timeframe and tables of it", () => {
  const overlays = { ...chart([]).overlays, zones: [zone()] };
  const html = paint(
    chart([5, 6, 7, 8, 9, 10], {
      overlays,
      equity: [{ seq: 6, at: 0, equity: "1000" }],
    }),
    { timeframe: "5m" },
  );
  ok(html.includes("2 candles from 1970-01-01 00:05:00"));
  ok(/<option[^>]*selected[^>]*>5m|<option selected[^>]*>5m/.test(html));
  const rows = [...html.matchAll(/<tr><th scope="row">([^<]+).*?<\/tr>/g)]
    .map(([row]) => row.replaceAll(/<[^>]+>/g, " ").trim().split(/\s{2,}/));
  deepEqual(rows.at(-1)!.slice(1), [
    "100.00",
    "101.00",
    "99.00",
    "100.00",
    "5.00",
    "1,000.00",
    "0.00%",
  ]);
  ok(rows.at(-2)![0]!.includes("(running)"));
  ok(html.includes("Fair value gap ▲ bullish"));
});
