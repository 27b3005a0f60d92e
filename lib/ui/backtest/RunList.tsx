import type { BacktestView } from "../../contracts/backtest.ts";
import { Unknown } from "../Amount.tsx";
import { SimulatedBadge } from "../Badge.tsx";
import { EmptyState } from "../Feedback.tsx";
import {
  formatCount,
  formatDateTime,
  formatDecimal,
  formatPercent,
  zoneName,
} from "../format.ts";
import { Glyph } from "../Glyph.tsx";
import {
  dataWord,
  hasEnded,
  progressWord,
  RUN_WORDS,
  STUDY_WORDS,
} from "./backtest_words.ts";
import type { FormToken } from "./FormToken.tsx";
import { RunCommand } from "./RunCommand.tsx";
import { COMPARED_MAX, type RunsStore } from "./runs_store.ts";

/** What can be done with a run, and why not. */
export interface RunActions {
  cancelRefusal: (run: BacktestView) => string | null;
  removeRefusal: (run: BacktestView) => string | null;
  /** For the forms of these commands. */
  token: FormToken;
  onCancel: (run: BacktestView) => void;
  onRemove: (run: BacktestView) => void;
}

/** Every run, newest first, with those under way on top of their progress. */
export function RunList(
  { store, actions }: { store: RunsStore; actions: RunActions },
) {
  const runs = store.runs.value;
  if (runs.length === 0) {
    return (
      <section class="card run-list" aria-label="Backtests">
        <EmptyState title="No backtest yet: choose a template and run it" />
      </section>
    );
  }
  const marked = store.marked.value;
  return (
    <section class="run-list" aria-label="Backtests">
      <div class="toolbar">
        <h2 class="toolbar-title">
          Runs <span class="count">{runs.length}</span> <SimulatedBadge />
        </h2>
        <CompareLink ids={[...marked]} />
      </div>
      <div
        class="table-scroll"
        tabIndex={0}
        role="region"
        aria-label="Runs, scrollable"
      >
        <table class="table run-table" data-testid="run-table">
          <caption class="sr-only">Backtests, newest first</caption>
          <thead>
            <tr>
              <th scope="col">
                <span class="sr-only">Compare</span>
              </th>
              <th scope="col">Run</th>
              <th scope="col">State</th>
              <th scope="col" class="cell-num">Return</th>
              <th scope="col" class="cell-num">Max drawdown</th>
              <th scope="col" class="cell-num">Sharpe</th>
              <th scope="col" class="cell-num">Trades</th>
              <th scope="col">Asked for ({zoneName()})</th>
              <th scope="col">
                <span class="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {runs.map((run) => (
              <RunRow
                key={run.id}
                run={run}
                store={store}
                actions={actions}
              />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

const COMPARE_FORM = "compare-runs";

function CompareLink({ ids }: { ids: readonly string[] }) {
  const enough = ids.length >= 2;
  return (
    <>
      <a
        class="btn btn-default run-compare needs-script"
        data-testid="compare-open"
        {...(enough
          ? { href: `/backtests?compare=${ids.join(",")}` }
          : { "aria-disabled": "true" })}
        title={enough
          ? "Side by side"
          : `Mark two to ${COMPARED_MAX} finished runs first`}
      >
        Compare {ids.length > 0 && `${ids.length} runs`}
      </a>
      <form
        id={COMPARE_FORM}
        method="get"
        action="/backtests"
        class="run-compare needs-no-script"
      >
        <button type="submit" class="btn btn-default">
          Compare marked runs
        </button>
      </form>
    </>
  );
}

function RunRow(
  { run, store, actions }: {
    run: BacktestView;
    store: RunsStore;
    actions: RunActions;
  },
) {
  const { config, study } = run.request;
  return (
    <tr data-testid={`run-row-${run.label}`} data-state={run.state}>
      <td class="cell-check">
        <MarkBox run={run} store={store} />
      </td>
      <th scope="row" class="run-name">
        <a href={`/backtests/${run.id}`}>{run.label}</a>
        <span class="run-sub">
          {config.symbol} {config.timeframe} · {dataWord(run)}
          {study.kind === "single" ? "" : ` · ${STUDY_WORDS[study.kind]}`}
        </span>
      </th>
      <td>
        <RunState run={run} />
      </td>
      <Figures run={run} />
      <td class="muted">
        <time dateTime={run.createdAt}>
          {formatDateTime(Date.parse(run.createdAt)).slice(5, 16)}
        </time>
      </td>
      <td class="run-actions">
        {hasEnded(run)
          ? (
            <RunCommand
              run={run}
              token={actions.token}
              action="remove"
              kind="quiet"
              class="btn-icon"
              aria-label={`Remove the run ${run.label}`}
              hint="Remove"
              disabledReason={actions.removeRefusal(run)}
              onSend={() => actions.onRemove(run)}
            >
              <Glyph name="cross" />
            </RunCommand>
          )
          : (
            <RunCommand
              run={run}
              token={actions.token}
              action="cancel"
              aria-label={`Cancel the run ${run.label}`}
              disabledReason={actions.cancelRefusal(run)}
              data-testid="run-cancel"
              onSend={() => actions.onCancel(run)}
            >
              Cancel
            </RunCommand>
          )}
      </td>
    </tr>
  );
}

function MarkBox({ run, store }: { run: BacktestView; store: RunsStore }) {
  const marked = store.marked.value;
  const isOn = marked.has(run.id);
  const isFull = !isOn && marked.size >= COMPARED_MAX;
  return (
    <input
      type="checkbox"
      name="compare"
      value={run.id}
      form={COMPARE_FORM}
      aria-label={`Compare ${run.label}`}
      {...(isFull
        ? { title: `At most ${COMPARED_MAX} runs are compared` }
        : {})}
      checked={isOn}
      disabled={run.state !== "done" || isFull}
      onChange={(event) => store.mark(run.id, event.currentTarget.checked)}
    />
  );
}

/** State in glyph and word; a run under way with its progress, an ended one with its reason. */
export function RunState({ run }: { run: BacktestView }) {
  const { glyph, word, tone, meaning } = RUN_WORDS[run.state];
  return (
    <span class="run-state">
      <span
        class={`state tone-${tone}`}
        title={run.detail ?? meaning}
        data-testid="run-state"
      >
        <Glyph name={glyph} /> {word}
      </span>
      {!hasEnded(run) && (
        <progress
          class="run-progress"
          max={1}
          value={run.progress.share}
          aria-label={progressWord(run)}
          title={progressWord(run)}
        />
      )}
      {run.state === "failed" && <span class="run-sub">{run.detail}</span>}
    </span>
  );
}

function Figures({ run: { summary, state } }: { run: BacktestView }) {
  const reason = state === "done"
    ? "It could not be computed"
    : "The run has no result";
  const cell = (text: string | null) => (
    <td class="cell-num">{text ?? <Unknown reason={reason} />}</td>
  );
  return (
    <>
      <td class="cell-num">
        <PercentGain value={summary?.returnPct ?? null} reason={reason} />
      </td>
      {cell(
        summary === null ? null : formatPercent(
          summary.maxDrawdownPct === 0 ? 0 : -summary.maxDrawdownPct,
        ),
      )}
      {cell(
        summary === null || summary.sharpe === null
          ? null
          : formatDecimal(summary.sharpe),
      )}
      {cell(summary === null ? null : formatCount(summary.trades))}
    </>
  );
}

/** A gain or loss in percent: arrow, sign and colour together. */
export function PercentGain(
  { value, reason }: { value: number | null; reason: string },
) {
  if (value === null) return <Unknown reason={reason} />;
  const text = formatPercent(value, { digits: 2, signed: true });
  // What is shown decides: a loss that rounds to zero is none.
  const sign = text.startsWith("+") ? 1 : text.startsWith("−") ? -1 : 0;
  const tone = sign > 0 ? "gain" : sign < 0 ? "loss" : "flat";
  return (
    <span class={`num ${tone}`}>
      {sign !== 0 && (
        <span class="arrow" aria-hidden="true">{sign > 0 ? "▲" : "▼"}</span>
      )}
      {text}
    </span>
  );
}
