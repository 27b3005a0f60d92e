import { page } from "fresh";
import { Head } from "fresh/runtime";
import TokenDesk, { type TokenDeskProps } from "../../islands/TokenDesk.tsx";
import { TOKEN_SCOPES } from "../../lib/contracts/api_token.ts";
import { isAllowed } from "../../lib/contracts/policy.ts";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import { requireUser } from "../(_shared)/guard.ts";

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { id, role } = login.user;
    return page<TokenDeskProps>({
      tokens: await ctx.state.services.auth.apiTokens.list(id),
      scopes: TOKEN_SCOPES.filter((scope) => isAllowed(role, scope)),
    }, { headers: { "Cache-Control": "no-store" } });
  },
});

const LEAD = "For programs of yours that run without you. A token does what " +
  "you choose here and never more than your role; it ends at its time, when " +
  "you revoke it, and when your account changes.";

/** API tokens for programs. */
export default define.page<typeof handler>(function TokensPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/tokens"
      title="API tokens"
      lead={LEAD}
    >
      <Head>
        <title>API tokens · SMC Fleet</title>
      </Head>
      <TokenDesk {...data} />
    </SettingsFrame>
  );
});
