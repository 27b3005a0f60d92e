import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { overhearLive } from "../lib/ui/client/live.ts";
import { Banner } from "../lib/ui/Feedback.tsx";
import { type HealthCheck, storageProblem } from "../lib/ui/storage.ts";

/** Says on every page that nothing can be stored, why, and what that means; nothing while all is well. */
export default function StorageBanner(
  { problem }: { problem: string | null },
) {
  const shown = useSignal(problem);
  useEffect(() => {
    // The event says that something changed; what holds now is asked for.
    const refresh = async () => {
      shown.value = await readProblem();
    };
    return overhearLive({
      onEvent: (event) => {
        if (event.type !== "system.event" || event.data.kind !== "store") {
          return;
        }
        // If the server does not answer the connection says so.
        void refresh().catch(() => {});
      },
      refresh,
    });
  }, []);
  if (shown.value === null) return null;
  return <Banner tone="danger" testId="storage-banner">{shown.value}</Banner>;
}

/** An answer of 503 has its checks as well. */
async function readProblem(): Promise<string | null> {
  const response = await fetch("/api/health/ready");
  const { checks }: { checks: readonly HealthCheck[] } = await response.json();
  return storageProblem(checks);
}
