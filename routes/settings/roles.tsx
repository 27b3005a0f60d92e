import { page } from "fresh";
import { Head } from "fresh/runtime";
import {
  RolesView,
  type RolesViewProps,
} from "../../lib/ui/settings/RolesView.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page<RolesViewProps>({ role: login.user.role });
  },
});

/** Who may do what, straight from the policy table. */
export default define.page<typeof handler>(function RolesPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/roles"
      title="Roles"
      lead="What each role may do, and to what. The server decides every request by this table."
    >
      <Head>
        <title>Roles · SMC Fleet</title>
      </Head>
      <RolesView {...data} />
    </SettingsFrame>
  );
});
