import { Button } from "../Button.tsx";
import { type Step, STEP_TITLES, STEPS } from "../spawn_form.ts";
import { IssueCounts } from "./DialogParts.tsx";
import { isLiveForm } from "./live_rules.ts";
import type { SpawnSession } from "./session.ts";

/** Back, next or spawn, with what is wrong so far. */
export function SpawnFooter(
  { session, refusal }: { session: SpawnSession; refusal: string | null },
) {
  const { step, values } = session.form.value;
  const isLive = isLiveForm(values);
  return (
    <footer class="spawn-foot">
      <IssueCounts
        shown={session.shown.value}
        warnings={session.validation.value?.warnings.length ?? 0}
      />
      <Button
        disabledReason={step === STEPS[0] ? "This is the first step" : null}
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
            disabledReason={refusal}
            busy={session.sending.value}
            data-testid="spawn-submit"
          >
            {session.sending.value
              ? "Spawning…"
              : isLive
              ? "Spawn live agent"
              : "Spawn paper agent"}
          </Button>
        )
        : (
          <Button
            key="next"
            type="submit"
            kind="primary"
            data-testid="spawn-next"
          >
            <span>
              Next<span class="next-name">{`: ${nextTitle(step)}`}</span>
            </span>
          </Button>
        )}
    </footer>
  );
}

function nextTitle(step: Step): string {
  return STEP_TITLES[STEPS[STEPS.indexOf(step) + 1] ?? "review"];
}
