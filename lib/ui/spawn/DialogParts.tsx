/** Frame of the spawn dialog: header with mode, steps, error summary, close question. */
import { useEffect, useRef } from "preact/hooks";
import { Button } from "../Button.tsx";
import { Dialog } from "../Dialog.tsx";
import { Glyph } from "../Glyph.tsx";
import { type FieldErrors, fieldName, STEP_TITLES } from "../spawn_form.ts";
import type { DialogSession } from "./dialog_session.ts";
import { stepStatus } from "./session_rules.ts";

/** Title, paper or live, close. The header of a live agent is amber. */
export function SpawnHeader(
  { session, liveRefusal, onClose }: {
    session: DialogSession;
    /** Why live cannot be chosen, or null. */
    liveRefusal: string | null;
    onClose: () => void;
  },
) {
  const mode = session.form.value.values["/mode"];
  const isLive = mode === "live";
  return (
    <header class={isLive ? "spawn-head spawn-head-live" : "spawn-head"}>
      <h2>Spawn {session.noun}</h2>
      <fieldset class="segmented">
        <legend class="sr-only">Mode</legend>
        {(["paper", "live"] as const).map((value) => {
          const isOff = value === "live" && !isLive && liveRefusal !== null;
          return (
            <label
              key={value}
              class={`segment${mode === value ? " segment-on" : ""}${
                isOff ? " segment-off" : ""
              }`}
            >
              <input
                type="radio"
                name="mode"
                value={value}
                checked={mode === value}
                disabled={isOff}
                aria-describedby="mode-note"
                data-testid={`field-mode-${value}`}
                onChange={() =>
                  session.dispatch({ type: "edit", pointer: "/mode", value })}
              />
              <Glyph name={mode === value ? "dot" : "ring"} />{" "}
              {value === "live" ? "Live" : "Paper"}
            </label>
          );
        })}
      </fieldset>
      <p class="spawn-mode-note" id="mode-note" data-testid="mode-note">
        {isLive
          ? "LIVE: trades real money"
          : liveRefusal !== null
          ? `Live is off. ${liveRefusal}`
          : "Simulated money"}
      </p>
      <button
        type="button"
        class="btn btn-quiet btn-icon"
        aria-label="Close"
        data-testid="spawn-close"
        onClick={onClose}
      >
        <Glyph name="cross" />
      </button>
    </header>
  );
}

const STATUS_WORDS = {
  current: "current",
  wrong: "has errors",
  done: "done",
  open: "not done",
};

/** The list of steps; each one can be opened at any time. */
export function StepList({ session }: { session: DialogSession }) {
  const form = session.form.value;
  return (
    <nav class="steps" aria-label="Steps">
      <ol>
        {session.steps.map((step, index) => {
          const status = stepStatus(step, form, session.shown.value);
          return (
            <li key={step}>
              <button
                type="button"
                class={`step step-${status}`}
                aria-current={status === "current" ? "step" : undefined}
                data-testid={`step-${step}`}
                onClick={() => session.dispatch({ type: "go", step })}
              >
                <span class="step-number" aria-hidden="true">
                  {status === "done"
                    ? <Glyph name="check" />
                    : status === "wrong"
                    ? <Glyph name="cross" />
                    : index + 1}
                </span>
                {STEP_TITLES[step]}
                <span class="sr-only">({STATUS_WORDS[status]})</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** All errors that may be shown, with links to their fields; takes the focus after a refusal. */
export function ErrorSummary({ session }: { session: DialogSession }) {
  const ref = useRef<HTMLDivElement>(null);
  const refusals = session.refusals.value;
  const problem = session.problem.value;
  const entries = Object.entries(session.shown.value);
  useEffect(() => {
    if (refusals > 0) ref.current?.focus();
  }, [refusals]);
  if (refusals === 0 || (entries.length === 0 && problem === null)) return null;
  return (
    <div
      class="error-summary"
      ref={ref}
      tabIndex={-1}
      role="alert"
      data-testid="error-summary"
    >
      {problem !== null && (
        <p class="tone-danger">
          <Glyph name="cross" /> {typeof problem === "string"
            ? problem
            : `${problem.title}. ${problem.detail}`}
          {typeof problem !== "string" && <code>{problem.code}</code>}
        </p>
      )}
      {entries.length > 0 && (
        <ul class="plain-list">
          {entries.map(([pointer, detail]) => (
            <li key={pointer}>
              <a
                href={`#${fieldName(pointer)}`}
                onClick={(event) => {
                  event.preventDefault();
                  session.goToField(pointer);
                }}
              >
                {detail}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Counts of what is wrong and what is risky, for the footer. */
export function IssueCounts(
  { shown, warnings }: { shown: FieldErrors; warnings: number },
) {
  const errors = Object.keys(shown).length;
  return (
    <p class="issue-counts" role="status">
      <span class={errors > 0 ? "tone-danger" : "muted"}>
        <Glyph name={errors > 0 ? "cross" : "check"} /> {errors}{" "}
        {errors === 1 ? "error" : "errors"}
      </span>
      <span class={warnings > 0 ? "tone-warn" : "muted"}>
        <Glyph name="warn" /> {warnings}{" "}
        {warnings === 1 ? "warning" : "warnings"}
      </span>
    </p>
  );
}

/** Asks before edits are lost. */
export function CloseQuestion(
  { open, onStay, onKeep, onDiscard }: {
    open: boolean;
    onStay: () => void;
    /** Left out where no draft is kept. */
    onKeep?: () => void;
    onDiscard: () => void;
  },
) {
  return (
    <Dialog
      label="Close the dialog"
      open={open}
      onClose={onStay}
      testId="spawn-close-question"
    >
      <div class="dialog-body">
        <h2>Close without spawning?</h2>
        <p>
          {onKeep === undefined
            ? "What was entered is lost."
            : "The draft can be kept in this tab and opened again with “Spawn agent”."}
        </p>
        <div class="dialog-actions">
          <Button kind="danger" data-testid="spawn-discard" onClick={onDiscard}>
            Discard
          </Button>
          {onKeep !== undefined && (
            <Button data-testid="spawn-keep-draft" onClick={onKeep}>
              Close, keep draft
            </Button>
          )}
          <Button kind="primary" autofocus onClick={onStay}>
            Go on editing
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
