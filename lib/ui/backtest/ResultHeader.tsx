import type { BacktestView } from "../../contracts/backtest.ts";
import { SimulatedBadge } from "../Badge.tsx";
import { Button } from "../Button.tsx";
import { formatDateTime, zoneName } from "../format.ts";
import { dataWord, hasEnded, STUDY_WORDS } from "./backtest_words.ts";
import type { FormToken } from "./FormToken.tsx";
import { RunCommand } from "./RunCommand.tsx";
import { RunState } from "./RunList.tsx";

/** Name, state and commands of a run. */
export function ResultHeader(
  { run, token, spawnRefusal, cancelRefusal, onSpawn, onCancel }: {
    run: BacktestView;
    token: FormToken;
    spawnRefusal: string | null;
    cancelRefusal: string | null;
    onSpawn: () => void;
    onCancel: () => void;
  },
) {
  const { config, data, study } = run.request;
  return (
    <header class="agent-head">
      <div class="agent-title">
        <a class="crumbs" href="/backtests">Backtests</a>
        <span class="crumbs" aria-hidden="true">/</span>
        <h1>{run.label}</h1>
        <SimulatedBadge
          source={data.kind === "file" ? "replay" : "simulated"}
        />
        <RunState run={run} />
        <span class="agent-sub">
          {config.symbol} {config.timeframe} · {dataWord(run)} ·{" "}
          {STUDY_WORDS[study.kind]} · asked for{" "}
          {formatDateTime(Date.parse(run.createdAt)).slice(0, 16)} {zoneName()}
        </span>
      </div>
      <div class="agent-controls">
        {hasEnded(run) && (
          <a
            class="btn btn-default"
            href={`/backtests?source=run:${run.id}`}
            data-testid="run-again"
          >
            Test again
          </a>
        )}
        {run.state === "done" && (
          <>
            {/* A walk-forward study joins many runs: there is no one to step through. */}
            {study.kind !== "walk_forward" && (
              <a class="btn btn-default" href={`/backtests/${run.id}/replay`}>
                Replay
              </a>
            )}
            <a
              class="btn btn-default"
              href={`/api/backtests/${run.id}/report.html`}
              target="_blank"
              rel="noreferrer"
            >
              Tear sheet
            </a>
            <a
              class="btn btn-primary needs-no-script"
              href={`/spawn?backtest=${run.id}`}
            >
              Spawn with this config
            </a>
            <Button
              kind="primary"
              class="needs-script"
              disabledReason={spawnRefusal}
              data-testid="spawn-with-config"
              onClick={onSpawn}
            >
              Spawn with this config
            </Button>
          </>
        )}
        {!hasEnded(run) && (
          <RunCommand
            run={run}
            token={token}
            action="cancel"
            small={false}
            disabledReason={cancelRefusal}
            data-testid="result-cancel"
            onSend={onCancel}
          >
            Cancel run
          </RunCommand>
        )}
      </div>
    </header>
  );
}
