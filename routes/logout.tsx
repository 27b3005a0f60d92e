import { define } from "./(_shared)/define.ts";
import { clientOf, mayPage, redirectWithCookie } from "./(_shared)/guard.ts";

/** Ends the session. A link must not log out, so only the form does. */
export const handler = define.handlers({
  GET(ctx) {
    return ctx.redirect("/", 303);
  },
  async POST(ctx) {
    const { services, identity } = ctx.state;
    if (identity !== null) {
      await mayPage(ctx, "account.logout");
      await services.auth.logout(identity.sessionId, clientOf(ctx));
    }
    return redirectWithCookie(
      "/login?out=1",
      services.clearedSessionCookie(ctx.req),
    );
  },
});
