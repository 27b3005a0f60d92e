import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useMemo } from "preact/hooks";
import type { AgentTemplate } from "../lib/contracts/template.ts";
import type { BacktestView } from "../lib/contracts/backtest.ts";
import type { BacktestReport } from "../lib/contracts/backtest_report.ts";
import {
  hasEnded,
  ownedRun,
  progressWord,
} from "../lib/ui/backtest/backtest_words.ts";
import { followRuns } from "../lib/ui/backtest/follow_runs.ts";
import type { FormToken } from "../lib/ui/backtest/FormToken.tsx";
import { ResultHeader } from "../lib/ui/backtest/ResultHeader.tsx";
import { ResultView } from "../lib/ui/backtest/ResultView.tsx";
import { RunsStore } from "../lib/ui/backtest/runs_store.ts";
import { Failed } from "../lib/ui/Failed.tsx";
import { ResultSkeleton } from "../lib/ui/backtest/ResultSkeleton.tsx";
import { Banner, EmptyState, ErrorState } from "../lib/ui/Feedback.tsx";
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
import type { SpawnDialogProps } from "./AgentSpawnDialog.tsx";

/** What the server knows when it paints the page. */
export interface BacktestResultProps {
  run: BacktestView;
  /** With the newest trades only; null while there is none. */
  report: BacktestReport | null;
  tradesTotal: number;
  /** All trades are shown at once, as somebody without script has asked. */
  showsAllTrades?: boolean;
  /** Why the report of a run that is done is not here, or null. */
  failure: string | null;
  templates: readonly AgentTemplate[];
  /** Names of agents that are taken. */
  names: readonly string[];
  headSeq: number;
  /** For the forms of the page. */
  token: FormToken;
  user: PanelUser;
  /** This server may trade real money. */
  isLiveArmed: boolean;
}

/** One backtest: progress while it runs, then its result. */
export default function BacktestResult(props: BacktestResultProps) {
  const { user, headSeq, failure, templates, names } = props;
  const report = useSignal(props.report);
  /** Why the report of a run that has just ended is not here; null while nothing failed. */
  const unread = useSignal<unknown>(null);
  const tradesTotal = useSignal(props.tradesTotal);
  const store = useMemo(() => new RunsStore([props.run]), []);
  const run = store.find(props.run.id);
  const loadReport = async () => {
    const detail = await api.backtest(props.run.id);
    unread.value = null;
    report.value = detail.report;
    tradesTotal.value = detail.report?.trades.length ?? 0;
    return detail.report;
  };
  useEffect(() => followRuns(store, { headSeq }), []);
  const isDone = run?.state === "done";
  useEffect(() => {
    if (!isDone || report.peek() !== null || failure !== null) return;
    void loadReport().catch((error) => unread.value = error);
  }, [isDone]);
  const { SpawnDialog, openSpawn, closeSpawn } = useSpawnDialog();
  if (run === null) {
    return (
      <EmptyState title="This backtest was removed">
        <a class="btn btn-default" href="/backtests">All backtests</a>
      </EmptyState>
    );
  }
  const offline = offlineReason();
  return (
    <div class={isStale(connection.value) ? "result stale" : "result"}>
      <ResultHeader
        run={run}
        token={props.token}
        spawnRefusal={offline ?? refusalOf(user, "agents.spawn")}
        cancelRefusal={offline ??
          refusalOf(user, "backtests.cancel", ownedRun(run))}
        onSpawn={() => void openSpawn()}
        onCancel={() => void cancel(store, run)}
      />
      <StaleBanner />
      <p class="sr-only" role="status">{store.announced.value}</p>
      {!hasEnded(run) && <Progress run={run} />}
      {(run.state === "failed" || run.state === "canceled") && (
        <Banner
          tone={run.state === "failed" ? "danger" : "warn"}
          testId="run-detail"
        >
          {run.detail ?? "The run ended without a result"}
        </Banner>
      )}
      {isDone && failure === null && report.value === null &&
        (unread.value === null ? <ResultSkeleton /> : (
          <Failed
            title="The result could not be read"
            error={unread.value}
            onRetry={() =>
              void loadReport().catch((error) => unread.value = error)}
          />
        ))}
      {failure !== null && report.value === null && (
        <ErrorState title="The result could not be read" detail={failure}>
          <p>
            <a class="btn btn-default" href={`/backtests/${run.id}`}>Retry</a>
          </p>
        </ErrorState>
      )}
      {report.value !== null && (
        <ResultView
          report={report.value}
          tradesTotal={tradesTotal.value}
          showsAllTrades={props.showsAllTrades ?? false}
          loadTrades={async () => (await loadReport())?.trades ?? []}
        />
      )}
      {SpawnDialog !== null && report.value !== null && (
        <SpawnDialog
          templates={templates}
          template={null}
          config={report.value.config}
          names={names}
          user={user}
          isLiveArmed={props.isLiveArmed}
          onClose={closeSpawn}
          onSpawned={(agent) => location.assign(`/agents/${agent.id}`)}
        />
      )}
      <ToastHost />
    </div>
  );
}

function Progress({ run }: { run: BacktestView }) {
  return (
    <section class="card run-now" aria-label="Progress">
      <p role="status" data-testid="result-progress">{progressWord(run)}</p>
      <progress
        class="run-progress"
        max={1}
        value={run.progress.share}
        aria-label="Progress of the run"
      />
      <p class="needs-no-script muted small">
        <a href={`/backtests/${run.id}`}>Reload</a> to see how far it is.
      </p>
    </section>
  );
}

/** The dialog is loaded when it is first wanted. */
function useSpawnDialog() {
  const loaded = useSignal<
    { component: ComponentType<SpawnDialogProps> } | null
  >(null);
  const isOpen = useSignal(false);
  const openSpawn = async () => {
    isOpen.value = true;
    if (loaded.value !== null) return;
    try {
      const { default: component } = await import("./AgentSpawnDialog.tsx");
      loaded.value = { component };
    } catch {
      isOpen.value = false;
      showToast(
        "danger",
        "The spawn dialog could not be loaded",
        "Check the connection and try again",
      );
    }
  };
  return {
    SpawnDialog: isOpen.value ? loaded.value?.component ?? null : null,
    openSpawn,
    closeSpawn: () => void (isOpen.value = false),
  };
}

async function cancel(store: RunsStore, run: BacktestView): Promise<void> {
  try {
    store.put(await api.cancelBacktest(run.id));
  } catch (error) {
    showToast("danger", "The run was not canceled", explain(error));
  }
}
