import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { EmergencyResponse } from "../lib/contracts/emergency.ts";
import { overhearLive } from "../lib/ui/client/live.ts";
import { emergencyNotice } from "../lib/ui/emergency/words.ts";
import { Banner } from "../lib/ui/Feedback.tsx";

/** Says on every page that an emergency stop is in force; nothing while none is. */
export default function EmergencyBanner(
  { notice, isPageOfStops }: { notice: string | null; isPageOfStops: boolean },
) {
  const shown = useSignal(notice);
  useEffect(() => {
    // The event says that something changed; what holds now is asked for.
    const refresh = async () => {
      const response = await fetch("/api/emergency");
      if (!response.ok) return;
      const state: EmergencyResponse = await response.json();
      shown.value = emergencyNotice(state);
    };
    return overhearLive({
      onEvent: (event) => {
        if (
          event.type !== "system.event" || event.data.kind !== "emergency"
        ) {
          return;
        }
        // If the server does not answer the connection says so.
        void refresh().catch(() => {});
      },
      refresh,
    });
  }, []);
  if (shown.value === null) return null;
  return (
    <Banner tone="danger" testId="emergency-banner">
      {shown.value}{" "}
      {!isPageOfStops && <a href="/emergency-stop">Look at it or release it</a>}
    </Banner>
  );
}
