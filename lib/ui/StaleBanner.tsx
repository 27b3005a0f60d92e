import { Banner } from "./Feedback.tsx";
import { formatTime, zoneName } from "./format.ts";
import { connection, freshAt, reconnectNow } from "./client/live.ts";

/** Says that values may be out of date, since when, and what to do. */
export function StaleBanner() {
  const state = connection.value;
  // What nothing has refreshed yet is as old as the page.
  const since = freshAt.value ?? performance.timeOrigin;
  const asOf = ` Values as of ${formatTime(since)} ${zoneName()}.`;
  switch (state.kind) {
    case "reconnecting":
      return state.attempt < 2
        ? null
        : (
          <Banner tone="warn" testId="stale-banner">
            The live connection is lost; reconnecting.{asOf}
          </Banner>
        );
    case "offline":
      return (
        <Banner tone="danger" testId="stale-banner">
          The server has not answered since {formatTime(state.since)}{" "}
          {zoneName()}.{asOf}{" "}
          <button type="button" class="link" onClick={reconnectNow}>
            Try now
          </button>
        </Banner>
      );
    case "signedOut":
      return (
        <Banner tone="danger" testId="stale-banner">
          Your session has ended.{asOf}{" "}
          <a href={loginAddress()}>Log in again</a>
        </Banner>
      );
    default:
      return null;
  }
}

/** The login, which then leads back to the page that is open. */
function loginAddress(): string {
  const { pathname, search } = globalThis.location;
  return `/login?ended&next=${encodeURIComponent(pathname + search)}`;
}
