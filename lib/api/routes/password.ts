import { Hono } from "hono";
import { passwordChangeSchema } from "../../contracts/people.ts";
import { type ApiEnv, type ApiOptions, callerOf, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";
import { setSessionCookie } from "./login_answer.ts";

/** The person's own password. Their other logins end with it. */
export function passwordRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { auth } = options;
  return new Hono<ApiEnv>()
    .post("/password", allow("account.password"), async (c) => {
      const { newPassword } = passwordChangeSchema.parse(
        (await readJson(c)).value,
      );
      const { identity, transport } = loginOf(c);
      const client = {
        address: c.env.remoteAddress,
        via: callerOf(c).via,
      };
      await auth.changePassword(identity, { newPassword, client });
      if (transport === "cookie" && identity.kind === "session") {
        setSessionCookie(c, options, await auth.renew(identity));
      }
      return c.body(null, 204);
    });
}
