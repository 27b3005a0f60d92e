import type { OpenAPIHono } from "@hono/zod-openapi";
import { passwordChangeSchema } from "../../contracts/people.ts";
import {
  type ApiEnv,
  type ApiOptions,
  loginOf,
  ownClientOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";
import { renewLogin } from "./login_answer.ts";

/** The person's own password. Their other logins end with it. */
export function passwordRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { auth } = options;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "post",
    path: "/password",
    summary: "Change one's own password",
    details:
      "Every other login and every API token of one's own ends. A browser's login gets a new id.",
    tag: "account",
    action: "account.password",
    body: passwordChangeSchema,
    answer: null,
    setsCookie: true,
    problems: ["SESSION_NOT_FOUND", "STORE_UNAVAILABLE", "USER_CHANGED"],
  }, async ({ c, body: { newPassword } }) => {
    const { identity } = loginOf(c);
    const client = ownClientOf(c);
    await auth.changePassword(identity, { newPassword, client });
    await renewLogin(c, options);
  });
  return app;
}
