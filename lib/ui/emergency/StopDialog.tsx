import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { Button } from "../Button.tsx";
import { api } from "../client/live.ts";
import { schedule } from "../client/schedule.ts";
import { Dialog } from "../Dialog.tsx";
import { Field } from "../Field.tsx";
import { Glyph } from "../Glyph.tsx";
import { isOver } from "./stop_steps.ts";
import { StopFactList } from "./StopFactList.tsx";
import { StopSession } from "./stop_session.ts";
import { StopSteps } from "./StopSteps.tsx";

/** Stops everything: what will happen in numbers, one Enter, and what becomes of it until it is dismissed. */
export default function StopDialog(
  { refusal, onClose }: {
    /** Why the user may not stop, or null. */
    refusal: string | null;
    onClose: () => void;
  },
) {
  const session = useMemo(() =>
    new StopSession({
      api,
      schedule,
    }), []);
  useEffect(() => {
    void session.count();
    return () => session.close();
  }, []);
  return (
    <Dialog label="Emergency stop" open onClose={onClose} testId="stop-dialog">
      {session.phase.value === "stopped"
        ? <Outcome session={session} onClose={onClose} />
        : <Question session={session} refusal={refusal} onClose={onClose} />}
    </Dialog>
  );
}

interface Part {
  session: StopSession;
  onClose: () => void;
}

function Question(
  { session, refusal, onClose }: Part & { refusal: string | null },
) {
  const reason = useSignal("");
  const closes = useSignal(false);
  const button = useRef<HTMLButtonElement>(null);
  const isSending = session.phase.value === "sending";
  // The dialog itself takes the focus when it opens; the button gets it after that.
  useEffect(() => {
    const frame = requestAnimationFrame(() => button.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  return (
    <form
      class="dialog-body"
      method="post"
      action="/emergency-stop"
      onSubmit={(event) => {
        event.preventDefault();
        if (refusal !== null || isSending) return;
        void session.stop({
          lever: closes.value ? "flatten" : "cancel",
          reason: reason.value.trim(),
        });
      }}
    >
      <h2>Stop all trading?</h2>
      <p data-testid="stop-meaning">
        {closes.value
          ? "No agent enters anything new, all orders are withdrawn, positions are closed at the market, and the agents are stopped."
          : "No agent enters anything new, and resting entries are withdrawn. Positions stay with their stops and targets; agents run on."}
      </p>
      <StopFactList
        facts={session.facts.value}
        reason={session.factsReason.value}
      />
      <label class="choice">
        <input
          type="checkbox"
          checked={closes.value}
          disabled={isSending}
          data-testid="stop-flatten"
          onChange={(event) => closes.value = event.currentTarget.checked}
        />
        <span>
          Also close positions at market
          <span class="choice-help">
            What they are worth when it is done nobody can promise.
          </span>
        </span>
      </label>
      <Field name="stop-reason" label="Reason" unit="optional">
        <input
          class="input"
          maxLength={200}
          value={reason.value}
          readOnly={isSending}
          data-testid="stop-reason"
          onInput={(event) => reason.value = event.currentTarget.value}
        />
      </Field>
      <Failure session={session} />
      <div class="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          kind="danger"
          buttonRef={button}
          busy={isSending}
          disabledReason={refusal}
          data-testid="stop-now"
        >
          <Glyph name="stop" /> Stop now
        </Button>
      </div>
      {refusal !== null && (
        <p class="field-help" aria-hidden="true" data-testid="stop-refusal">
          {refusal}. Somebody who has it can stop from any page.
        </p>
      )}
      <p class="risk-note">
        It holds, also over restarts, until somebody with the role risk releases
        it. <a href="/emergency-stop">One agent, an account, other levers</a>
      </p>
    </form>
  );
}

function Failure({ session }: { session: StopSession }) {
  const failure = session.failure.value;
  if (failure === null) return null;
  return (
    <p class="tone-danger" role="alert" data-testid="stop-failure">
      <Glyph name="cross" /> {failure}
      {session.isSignedOut.value && (
        <span class="choice-help">
          Nothing was stopped.{" "}
          <a href="/login?ended&next=/emergency-stop">
            Log in again and stop there
          </a>, or on the server's machine{" "}
          <code>deno task agent halt --local</code> asks the desk directly.
        </span>
      )}
      {session.isTryingAgain.value && (
        <span class="choice-help">
          Whether it was stopped is not known; it is sent again every two
          seconds, and twice is one stop. On the server's machine{" "}
          <code>deno task agent halt --local</code> asks the desk directly.
        </span>
      )}
    </p>
  );
}

function Outcome({ session, onClose }: Part) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  const steps = session.steps.value;
  const isDone = steps.length > 0 && isOver(steps);
  const isLeft = steps.some(({ state }) => state === "left");
  return (
    <div class="dialog-body" data-testid="stop-outcome">
      <h2>
        {!isDone
          ? "Stopping…"
          : isLeft
          ? "Stopped, with something left over"
          : "Trading is stopped"}
      </h2>
      <p role="status">{session.detail.value}.</p>
      <StopSteps steps={steps} />
      <Failure session={session} />
      <div class="dialog-actions">
        <a class="btn btn-default" href="/emergency-stop">
          Accounts and release
        </a>
        <Button
          kind="primary"
          buttonRef={button}
          onClick={onClose}
          data-testid="stop-dismiss"
        >
          Close
        </Button>
      </div>
    </div>
  );
}
