import { page } from "fresh";
import { Head } from "fresh/runtime";
import SessionList from "../../islands/SessionList.tsx";
import type { SessionView } from "../../lib/contracts/auth.ts";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";

interface SessionsData {
  sessions: readonly SessionView[];
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { services, identity } = ctx.state;
    const sessions = await services.auth.sessions.list(login.user.id, {
      current: identity!.sessionId,
    });
    return page<SessionsData>({ sessions }, {
      headers: { "Cache-Control": "no-store" },
    });
  },
});

const LEAD = "Browsers and programs that are logged in as you. A browser is " +
  "logged out after 30 minutes without use, everything after 12 hours. End " +
  "what you do not know, and change your password then.";

/** Where somebody is logged in. */
export default define.page<typeof handler>(function SessionsPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/sessions"
      title="Logins"
      lead={LEAD}
    >
      <Head>
        <title>Logins · SMC Fleet</title>
      </Head>
      <SessionList sessions={data.sessions} />
    </SettingsFrame>
  );
});
