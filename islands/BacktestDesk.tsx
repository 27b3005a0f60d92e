import { useEffect, useMemo } from "preact/hooks";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import type { BacktestView } from "../lib/contracts/backtest.ts";
import type { CandleFile } from "../lib/contracts/feed.ts";
import { Banner } from "../lib/ui/Feedback.tsx";
import {
  hasEnded,
  ownedRun,
  progressWord,
} from "../lib/ui/backtest/backtest_words.ts";
import type { FormToken } from "../lib/ui/backtest/FormToken.tsx";
import { RunCommand } from "../lib/ui/backtest/RunCommand.tsx";
import { RunForm } from "../lib/ui/backtest/RunForm.tsx";
import { RunList } from "../lib/ui/backtest/RunList.tsx";
import { RunSession } from "../lib/ui/backtest/run_session.ts";
import type { RunStart, TestableAgent } from "../lib/ui/backtest/run_start.ts";
import { RunsStore } from "../lib/ui/backtest/runs_store.ts";
import { followRuns } from "../lib/ui/backtest/follow_runs.ts";
import { explain } from "../lib/ui/client/api_client.ts";
import {
  api,
  connection,
  isStale,
  offlineReason,
} from "../lib/ui/client/live.ts";
import { showToast } from "../lib/ui/client/toasts.ts";
import { type PanelUser, refusalOf } from "../lib/ui/roles.ts";
import { StaleBanner } from "../lib/ui/StaleBanner.tsx";
import { ToastHost } from "../lib/ui/ToastHost.tsx";

/** What the server knows when it paints the page. */
export interface BacktestDeskProps {
  /** The form as it is first shown. */
  start: RunStart;
  runs: readonly BacktestView[];
  templates: readonly AgentTemplate[];
  agents: readonly TestableAgent[];
  /** Null where the candle folder could not be read. */
  files: readonly CandleFile[] | null;
  headSeq: number;
  /** For the forms of the page. */
  token: FormToken;
  user: PanelUser;
}

/** The page of backtests: a form that starts one, and the list of all. */
export default function BacktestDesk(props: BacktestDeskProps) {
  const { templates, agents, files, headSeq, user } = props;
  const { store, session } = useMemo(() => {
    const store = new RunsStore(props.runs);
    const session = new RunSession({
      api,
      templates,
      start: props.start,
      onStarted: (run) => {
        if (store.find(run.id) === null) store.put(run);
        store.announced.value = `${run.label} is started`;
      },
    });
    return { store, session };
  }, []);
  useEffect(() => followRuns(store, { headSeq }), []);
  const offline = offlineReason();
  const { token } = props;
  const actions = {
    token,
    cancelRefusal: (run: BacktestView) =>
      offline ?? refusalOf(user, "backtests.cancel", ownedRun(run)),
    removeRefusal: (run: BacktestView) =>
      offline ?? refusalOf(user, "backtests.delete", ownedRun(run)),
    onCancel: (run: BacktestView) => void cancelRun(store, run),
    onRemove: (run: BacktestView) => void removeRun(store, run),
  };
  return (
    <div
      class={isStale(connection.value) ? "backtests stale" : "backtests"}
    >
      <StaleBanner />
      {files === null && (
        <Banner tone="warn">
          The candle folder could not be read; runs over the simulated market
          work.
        </Banner>
      )}
      <p class="sr-only" role="status">{store.announced.value}</p>
      <div class="backtest-columns">
        <div class="backtest-side">
          <RunningNow
            store={store}
            token={token}
            refusal={actions.cancelRefusal}
            onCancel={actions.onCancel}
          />
          <RunList store={store} actions={actions} />
        </div>
        <RunForm
          session={session}
          token={token}
          templates={templates}
          agents={agents}
          files={files ?? []}
          refusal={offline ?? refusalOf(user, "backtests.run")}
        />
      </div>
      <ToastHost />
    </div>
  );
}

/** The run under way, large: what it does, how far it is, and its end by hand. */
function RunningNow(
  { store, token, refusal, onCancel }: {
    store: RunsStore;
    token: FormToken;
    refusal: (run: BacktestView) => string | null;
    onCancel: (run: BacktestView) => void;
  },
) {
  const open = store.runs.value.filter((run) => !hasEnded(run));
  const run = open.find(({ state }) => state === "running") ?? open.at(-1);
  if (run === undefined) return null;
  return (
    <section class="card run-now" aria-label="Run under way">
      <div class="run-now-line">
        <strong>
          <a href={`/backtests/${run.id}`}>{run.label}</a>
        </strong>
        <span class="muted" data-testid="run-now">{progressWord(run)}</span>
        <RunCommand
          run={run}
          token={token}
          action="cancel"
          disabledReason={refusal(run)}
          data-testid="run-now-cancel"
          onSend={() => onCancel(run)}
        >
          Cancel run
        </RunCommand>
      </div>
      <progress
        class="run-progress"
        max={1}
        value={run.progress.share}
        aria-label={`Progress of ${run.label}`}
      />
      <p class="needs-no-script muted small">
        <a href="/backtests">Reload</a> to see how far it is.
      </p>
      {open.length > 1 && (
        <p class="muted small">{open.length - 1} more waiting</p>
      )}
    </section>
  );
}

async function cancelRun(store: RunsStore, run: BacktestView): Promise<void> {
  try {
    store.put(await api.cancelBacktest(run.id));
    showToast("ok", `${run.label} is canceled`);
  } catch (error) {
    showToast("danger", `${run.label} was not canceled`, explain(error));
  }
}

async function removeRun(store: RunsStore, run: BacktestView): Promise<void> {
  try {
    await api.removeBacktest(run.id);
    store.remove(run.id);
    showToast("ok", `${run.label} is removed`);
  } catch (error) {
    showToast("danger", `${run.label} was not removed`, explain(error));
  }
}
