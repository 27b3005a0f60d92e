import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StopView } from "../lib/contracts/emergency.ts";
import { explain, isSignedOut } from "../lib/ui/client/api_client.ts";
import { api } from "../lib/ui/client/live.ts";
import { StopStanding } from "../lib/ui/emergency/StopStanding.tsx";

/** How often it is looked how a stop stands that works. */
const LOOK_EVERY_MS = 1_000;

/** How a stop stands, looked at again and again while it works. Forms beside it stay as they are filled in. */
export default function StopProgress(
  { stop, names }: {
    stop: StopView;
    /** Names of agents by their ids. */
    names: Readonly<Record<string, string>>;
  },
) {
  const shown = useSignal(stop);
  const failure = useSignal<string | null>(null);
  const isReleased = useSignal(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const look = async () => {
      try {
        const { latches } = await api.emergency();
        const newest = latches.find(({ id }) => id === stop.id);
        if (newest === undefined) isReleased.value = true;
        else shown.value = newest;
        failure.value = null;
        isOver ||= newest?.isWorking !== true;
      } catch (error) {
        failure.value = explain(error);
        isOver ||= isSignedOut(error);
      }
      if (!isOver) timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    };
    timer = setTimeout(() => void look(), LOOK_EVERY_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  return (
    <>
      {isReleased.value && (
        <p role="status">
          This stop was released.{" "}
          <a href="/emergency-stop">See what is in force now</a>
        </p>
      )}
      {failure.value !== null && (
        <p role="alert" class="tone-warn" data-testid="stop-stale">
          Not up to date: {failure.value}
        </p>
      )}
      <StopStanding
        stop={shown.value}
        nameOf={(id) => names[id] ?? id}
      />
    </>
  );
}
