import type { StopView } from "../../contracts/emergency.ts";

/**
 * Without script the page of stops is loaded anew while one works, unless
 * something was filled in or asked for, which would be lost. With script the
 * stops are looked at without the forms beside them.
 */
export function StopRefresh(
  { stops, isUntouched }: {
    stops: readonly Pick<StopView, "isWorking">[];
    isUntouched: boolean;
  },
) {
  if (!isUntouched || !stops.some(({ isWorking }) => isWorking)) return null;
  return (
    <noscript>
      <meta http-equiv="refresh" content="5; url=/emergency-stop" />
    </noscript>
  );
}
