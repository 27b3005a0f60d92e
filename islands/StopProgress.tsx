import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { StopView } from "../lib/contracts/emergency.ts";
import { explain } from "../lib/ui/client/api_client.ts";
import { api } from "../lib/ui/client/live.ts";
import { schedule } from "../lib/ui/client/schedule.ts";
import { StopFollower } from "../lib/ui/emergency/stop_follower.ts";
import { StopStanding } from "../lib/ui/emergency/StopStanding.tsx";

/** One for all stops of the page. */
const follower = new StopFollower({ api, schedule });

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
  useEffect(() =>
    follower.follow(stop.id, {
      onStand(newest) {
        failure.value = null;
        if (newest === null) isReleased.value = true;
        else shown.value = newest;
      },
      onFailure: (error) => failure.value = explain(error),
    }), []);
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
