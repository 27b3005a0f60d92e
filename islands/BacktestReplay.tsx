import { useEffect, useMemo } from "preact/hooks";
import type { BacktestView } from "../lib/contracts/backtest.ts";
import type { ReplayView } from "../lib/contracts/replay.ts";
import { PlainTransport } from "../lib/ui/backtest/PlainTransport.tsx";
import { focusOf, moveOfKey } from "../lib/ui/backtest/replay_keys.ts";
import { ReplayInspector } from "../lib/ui/backtest/ReplayInspector.tsx";
import { ReplayStore } from "../lib/ui/backtest/replay_store.ts";
import { ReplayTransport } from "../lib/ui/backtest/ReplayTransport.tsx";
import { Card } from "../lib/ui/Card.tsx";
import { api } from "../lib/ui/client/live.ts";
import AgentChart from "./AgentChart.tsx";

/** What the server knows when it paints the page. */
export interface BacktestReplayProps {
  run: BacktestView;
  first: ReplayView;
}

/** A run candle by candle: the chart as the agent knew it, and what passed between agent and desk. */
export default function BacktestReplay({ run, first }: BacktestReplayProps) {
  const store = useMemo(
    () => new ReplayStore({ id: run.id, first, api }),
    [],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => onReplayKey(event, store);
    addEventListener("keydown", onKey);
    return () => {
      removeEventListener("keydown", onKey);
      store.pause();
    };
  }, []);
  const { config, data } = run.request;
  return (
    <div class="replay">
      <ReplayTransport store={store} />
      <PlainTransport view={first} />
      <div class="agent-columns">
        <Card flush>
          <AgentChart
            chart={store.chart}
            failure={store.failure}
            market={config.symbol}
            timeframe={config.timeframe}
            source={data.kind === "file" ? "replay" : "simulated"}
            onRetry={() => void store.goTo(store.view.value.seq)}
          />
        </Card>
        <ReplayInspector store={store} />
      </div>
    </div>
  );
}

/** Arrows step and Space plays, unless what has the focus uses these keys itself. */
function onReplayKey(event: KeyboardEvent, store: ReplayStore): void {
  if (event.defaultPrevented) return;
  const move = moveOfKey({
    key: event.key,
    shiftKey: event.shiftKey,
    hasModifier: event.ctrlKey || event.metaKey || event.altKey,
    focus: focusOf(event.target),
  });
  const isOff = document.documentElement.dataset.shortcuts === "off";
  if (move === null || (isOff && move === "toggle")) return;
  event.preventDefault();
  store.move(move);
}
