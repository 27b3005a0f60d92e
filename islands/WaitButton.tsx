import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { Button } from "../lib/ui/Button.tsx";
import { plural } from "../lib/ui/format.ts";

const TICK_MS = 250;

/** The button of a form that has to wait: it counts down where the time is known, and can be pressed when it is over. */
export default function WaitButton(
  { waitSeconds, label, testId }: {
    /** 0 where there is nothing to wait for. */
    waitSeconds: number;
    label: string;
    testId: string;
  },
) {
  // Without script nothing counts, so the button stays: the server refuses what comes too early.
  const left = useSignal(0);
  const isOver = useSignal(false);
  useEffect(() => {
    if (waitSeconds === 0) return;
    const readyAt = Date.now() + waitSeconds * 1_000;
    left.value = waitSeconds;
    const timer = setInterval(() => {
      left.value = Math.max(0, Math.ceil((readyAt - Date.now()) / 1_000));
      if (left.value > 0) return;
      isOver.value = true;
      clearInterval(timer);
    }, TICK_MS);
    return () => clearInterval(timer);
  }, [waitSeconds]);
  const isWaiting = left.value > 0;
  return (
    <>
      <Button
        kind="primary"
        type="submit"
        class="btn-wide"
        disabledReason={isWaiting ? "Wait until the time is over" : null}
        data-testid={testId}
      >
        {isWaiting ? `Wait ${plural(left.value, "second")}` : label}
      </Button>
      <p class="sr-only" role="status" data-testid="wait-over">
        {isOver.value && "You can try again now"}
      </p>
    </>
  );
}
