import ConnectionChip from "../islands/ConnectionChip.tsx";
import EmergencyBanner from "../islands/EmergencyBanner.tsx";
import StorageBanner from "../islands/StorageBanner.tsx";
import ThemeToggle from "../islands/ThemeToggle.tsx";
import { BrandMark, Shell } from "../lib/ui/Shell.tsx";
import { emergencyNotice } from "../lib/ui/emergency/words.ts";
import { storageProblem } from "../lib/ui/storage.ts";
import { define } from "./(_shared)/define.ts";

const LIVE_PAGES = /^\/($|logs$|agents\/|backtests(\/[^/]+)?$)/;

/** The shell behind the login; before it a plain page with the product's name. */
export default define.layout(function Layout({ Component, state, url, error }) {
  const user = state.user ?? null;
  if (user === null) {
    return (
      <main class="gate" id="main">
        <p class="gate-brand">
          <BrandMark /> SMC Fleet
        </p>
        <Component />
      </main>
    );
  }
  const stops = emergencyNotice(state.services.fleet.emergency.state());
  const problem = storageProblem(state.services.fleet.health().checks);
  const isLive = LIVE_PAGES.test(url.pathname) && !error &&
    !url.searchParams.has("compare");
  return (
    <Shell
      user={user}
      path={url.pathname}
      isLiveArmed={state.services.isLiveArmed}
      notice={
        <>
          <EmergencyBanner
            notice={stops}
            isPageOfStops={url.pathname === "/emergency-stop"}
          />
          <StorageBanner problem={problem} />
        </>
      }
      tools={
        <>
          {isLive && <ConnectionChip />}
          <ThemeToggle />
        </>
      }
    >
      <Component />
    </Shell>
  );
});
