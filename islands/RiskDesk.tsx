import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { FleetRisk } from "../lib/contracts/fleet_risk.ts";
import { Button } from "../lib/ui/Button.tsx";
import { ApiProblem } from "../lib/ui/client/api_client.ts";
import { api, connection, isStale, joinLive } from "../lib/ui/client/live.ts";
import { Banner, ErrorState, ProblemState } from "../lib/ui/Feedback.tsx";
import { formatTime, zoneName } from "../lib/ui/format.ts";
import { RiskPanel } from "../lib/ui/risk/RiskPanel.tsx";
import type { PanelUser } from "../lib/ui/roles.ts";
import { StaleBanner } from "../lib/ui/StaleBanner.tsx";

/** What the server knows when it paints the page. */
export interface RiskDeskProps {
  /** Null where it could not be found out. */
  risk: FleetRisk | null;
  failure: string | null;
  names: Readonly<Record<string, string>>;
  headSeq: number;
  user: PanelUser;
}

/** How often the figures are asked for while they are looked at. */
const LOOK_EVERY_MS = 5_000;
/** Least time between two questions that events lead to. */
const LOOK_AGAIN_MS = 1_000;

/** The risk of the fleet, kept up to date. */
export default function RiskDesk(props: RiskDeskProps) {
  const risk = useSignal(props.risk);
  const failure = useSignal<unknown>(
    props.failure === null ? null : new Error(props.failure),
  );
  const look = useLook({
    headSeq: props.headSeq,
    take: (newest) => {
      risk.value = newest;
      failure.value = null;
    },
    fail: (error) => failure.value = error,
  });
  const known = risk.value;
  const isOld = isStale(connection.value) || failure.value !== null;
  return (
    <div class={isOld ? "risk-page stale" : "risk-page"}>
      <StaleBanner />
      {known !== null && failure.value !== null &&
        !isStale(connection.value) && (
        <Banner tone="warn" testId="risk-stale">
          Not up to date: {textOf(failure.value)}. Values as of{" "}
          {formatTime(known.at)} {zoneName()}.
        </Banner>
      )}
      {known === null ? <Failed error={failure.value} onRetry={look} /> : (
        <>
          <p class="risk-note" data-testid="risk-as-of">
            As of {formatTime(known.at)} {zoneName()}
          </p>
          <RiskPanel risk={known} user={props.user} names={props.names} />
        </>
      )}
    </div>
  );
}

function Failed(
  { error, onRetry }: { error: unknown; onRetry: () => Promise<void> },
) {
  const retry = (
    <Button onClick={() => void onRetry().catch(() => {})}>Try again</Button>
  );
  return error instanceof ApiProblem
    ? <ProblemState problem={error.problem}>{retry}</ProblemState>
    : (
      <ErrorState title="The risk cannot be shown" detail={textOf(error)}>
        {retry}
      </ErrorState>
    );
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Asks again and again while the page is seen, soon after something has happened, and when the connection is back. */
function useLook(
  { headSeq, take, fail }: {
    headSeq: number;
    take: (risk: FleetRisk) => void;
    fail: (error: unknown) => void;
  },
): () => Promise<void> {
  const asked = useRef(0);
  const look = async () => {
    const turn = ++asked.current;
    try {
      const newest = await api.fleetRisk();
      if (turn === asked.current) take(newest);
    } catch (error) {
      if (turn === asked.current) fail(error);
      throw error;
    }
  };
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const quietly = () => void look().catch(() => {});
    const leave = joinLive({
      headSeq,
      topics: ["trade:alert"],
      onEvent: () => {
        if (document.visibilityState !== "visible") return;
        soon ??= setTimeout(() => {
          soon = undefined;
          quietly();
        }, LOOK_AGAIN_MS);
      },
      refresh: look,
    });
    const lookIfSeen = () => {
      if (document.visibilityState === "visible") quietly();
    };
    const timer = setInterval(lookIfSeen, LOOK_EVERY_MS);
    // Who comes back to the page sees the present, not the last moment it was seen.
    document.addEventListener("visibilitychange", lookIfSeen);
    return () => {
      leave();
      clearInterval(timer);
      document.removeEventListener("visibilitychange", lookIfSeen);
      clearTimeout(soon);
    };
  }, []);
  return look;
}
