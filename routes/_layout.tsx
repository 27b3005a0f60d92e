import ConnectionChip from "../islands/ConnectionChip.tsx";
import EmergencyBanner from "../islands/EmergencyBanner.tsx";
import EmergencyDialog from "../islands/EmergencyDialog.tsx";
import PageStanding from "../islands/PageStanding.tsx";
import ShellTools from "../islands/ShellTools.tsx";
import StorageBanner from "../islands/StorageBanner.tsx";
import ThemeToggle from "../islands/ThemeToggle.tsx";
import { BrandMark, Shell } from "../lib/ui/Shell.tsx";
import { emergencyNotice } from "../lib/ui/emergency/words.ts";
import type { PageState } from "../lib/api/page_state.ts";
import { SESSION_IDLE_MS } from "../lib/contracts/session_idle.ts";
import { actionRefusal, toPanelUser } from "../lib/ui/roles.ts";
import type { LoginTimes } from "../lib/ui/shell/use_session_end.ts";
import { isLivePage } from "../lib/ui/shell/live_pages.ts";
import { tradingStanding } from "../lib/ui/shell/trading_state.ts";
import { storageProblem } from "../lib/ui/storage.ts";
import { define } from "./(_shared)/define.ts";

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
  const desk = state.services.fleet.emergency.state();
  const stops = emergencyNotice(desk);
  const problem = storageProblem(state.services.fleet.health().checks);
  const isLive = !error && isLivePage(url);
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
          {!isLive && <PageStanding />}
        </>
      }
      tools={
        <>
          {isLive && <ConnectionChip />}
          <ShellTools
            user={toPanelUser(user)}
            trading={tradingStanding(desk)}
            login={loginTimes(state)}
          />
          <ThemeToggle />
        </>
      }
    >
      <Component />
      {url.pathname !== "/emergency-stop" && (
        <EmergencyDialog
          refusal={actionRefusal(user.role, "emergency.stop")}
        />
      )}
    </Shell>
  );
});

/** When the login of the page ends, to warn before. */
function loginTimes({ identity }: PageState): LoginTimes | null {
  const expiresAt = identity?.expiresAt;
  return expiresAt === undefined
    ? null
    : { expiresAt, idleMs: SESSION_IDLE_MS };
}
