import { page } from "fresh";
import { Head } from "fresh/runtime";
import PeopleDesk from "../../islands/PeopleDesk.tsx";
import type { PageState } from "../../lib/api/page_state.ts";
import { isAllowed } from "../../lib/contracts/policy.ts";
import { NeedsRole } from "../../lib/ui/settings/NeedsRole.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";

/** People on the first page. */
const PAGE_ITEMS = 50;

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page(await dataOf(ctx.state), {
      headers: { "Cache-Control": "no-store" },
    });
  },
});

/** What the page shows; null for somebody whose role sees no accounts. */
async function dataOf({ services, identity }: PageState) {
  const { user } = identity!;
  if (!isAllowed(user.role, "users.read")) return null;
  const { people } = services.auth;
  const [{ items, nextCursor }, invites] = await Promise.all([
    people.page({ limit: PAGE_ITEMS, cursor: null }),
    people.invites(),
  ]);
  return { people: items, nextCursor, invites, ownId: user.id };
}

/** Accounts of people, for administrators. */
export default define.page<typeof handler>(function UsersPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/users"
      title="People"
      lead="Who may log in and what each may do. Invitations are one-time links that you hand on yourself."
    >
      <Head>
        <title>People · SMC Fleet</title>
      </Head>
      {data === null
        ? <NeedsRole what="Accounts need" action="users.read" />
        : <PeopleDesk {...data} />}
    </SettingsFrame>
  );
});
