import { useEffect } from "preact/hooks";
import { api } from "../lib/ui/client/live.ts";
import {
  loginAgainHref,
  noteSilence,
  reach,
  reachRefusal,
} from "../lib/ui/client/reach.ts";
import { guardPlainForms } from "../lib/ui/client/plain_forms.ts";
import { Banner } from "../lib/ui/Feedback.tsx";
import { formatTime, zoneName } from "../lib/ui/format.ts";

/** How often a server that does not answer is asked again. */
const ASK_EVERY_MS = 5_000;

/**
 * On a page without a live connection: says that the server does not answer or
 * that the login has ended, and holds back the page's forms until that is over.
 */
export default function PageStanding() {
  const state = reach.value;
  const refusal = reachRefusal(state);
  useEffect(() => watch(), []);
  useEffect(() => guardPlainForms(refusal), [refusal]);
  switch (state.kind) {
    case "reached":
      return null;
    case "silent":
      return (
        <Banner tone="danger" testId="page-standing">
          The server has not answered since {formatTime(state.since)}{" "}
          {zoneName()}. What is shown is from before, and nothing can be changed
          until it answers.{" "}
          <button type="button" class="link" onClick={ask}>Try now</button>
        </Banner>
      );
    case "signedOut":
      return (
        <Banner tone="danger" testId="page-standing">
          Your session has ended. What is shown is from before.{" "}
          <a href={loginAgainHref()}>Log in again</a>
        </Banner>
      );
  }
}

/** Asks for something small that every role may read; the answer tells how it stands. */
function ask(): void {
  void api.emergency().catch(() => {});
}

/** Looks again while there is no answer, when the page is seen again, and when the network goes or comes. */
function watch(): () => void {
  const timer = setInterval(() => {
    if (reach.peek().kind === "silent" && !document.hidden) ask();
  }, ASK_EVERY_MS);
  const onSeen = () => {
    if (!document.hidden) ask();
  };
  const onShown = (event: PageTransitionEvent) => {
    if (event.persisted) ask();
  };
  document.addEventListener("visibilitychange", onSeen);
  addEventListener("offline", noteSilence);
  addEventListener("online", ask);
  addEventListener("pageshow", onShown);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", onSeen);
    removeEventListener("offline", noteSilence);
    removeEventListener("online", ask);
    removeEventListener("pageshow", onShown);
  };
}
