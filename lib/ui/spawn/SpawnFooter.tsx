import { Button } from "../Button.tsx";
import { offlineReason } from "../client/live.ts";
import { STEP_TITLES } from "../spawn_form.ts";
import { IssueCounts } from "./DialogParts.tsx";
import { isLiveForm } from "./live_rules.ts";
import type { DialogSession } from "./dialog_session.ts";

/** Back, next or spawn, with what is wrong so far. */
export function SpawnFooter(
  { session, refusal }: { session: DialogSession; refusal: string | null },
) {
  const { step, values } = session.form.value;
  const isLive = isLiveForm(values);
  return (
    <footer class="spawn-foot">
      <IssueCounts
        shown={session.shown.value}
        warnings={session.warningCount}
      />
      <Button
        disabledReason={session.backRefusal}
        data-testid="spawn-back"
        onClick={() => session.back()}
      >
        Back
      </Button>
      {step === "review"
        ? (
          <Button
            key="submit"
            type="submit"
            kind={isLive ? "live" : "primary"}
            disabledReason={offlineReason() ?? refusal}
            busy={session.sending.value || session.waiting.value}
            data-testid="spawn-submit"
          >
            {session.sending.value
              ? "Spawning…"
              : isLive
              ? `Spawn live ${session.noun}`
              : `Spawn paper ${session.noun}`}
          </Button>
        )
        : (
          <Button
            key="next"
            type="submit"
            kind="primary"
            busy={session.waiting.value}
            data-testid="spawn-next"
          >
            <span>
              Next<span class="next-name">{`: ${nextTitle(session)}`}</span>
            </span>
          </Button>
        )}
    </footer>
  );
}

function nextTitle({ form, steps }: DialogSession): string {
  const next = steps[steps.indexOf(form.value.step) + 1];
  return STEP_TITLES[next ?? "review"];
}
