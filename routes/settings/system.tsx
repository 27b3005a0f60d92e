import { page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../../lib/api/page_state.ts";
import { isAllowed } from "../../lib/contracts/policy.ts";
import { quotaView } from "../../lib/contracts/quota.ts";
import { NeedsRole } from "../../lib/ui/settings/NeedsRole.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import {
  SystemPanel,
  type SystemPanelProps,
} from "../../lib/ui/settings/SystemPanel.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page(await dataOf(ctx.state), {
      headers: { "Cache-Control": "no-store" },
    });
  },
});

/** What the page shows; null for somebody whose role does not see it. */
async function dataOf(
  { services, identity }: PageState,
): Promise<SystemPanelProps | null> {
  const { user } = identity!;
  if (!isAllowed(user.role, "system.read")) return null;
  const [system, uses] = await Promise.all([
    services.system(),
    services.quotas(user.id),
  ]);
  return { system, quotas: uses.map(quotaView), now: Date.now() };
}

/** How the server runs, for administrators. */
export default define.page<typeof handler>(function SystemPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/system"
      title="System"
      lead="How this server runs, what it keeps where, and how much of each limit is used."
    >
      <Head>
        <title>System · SMC Fleet</title>
      </Head>
      {data === null
        ? <NeedsRole what="This page needs" action="system.read" />
        : <SystemPanel {...data} />}
    </SettingsFrame>
  );
});
