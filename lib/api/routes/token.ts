import type { OpenAPIHono } from "@hono/zod-openapi";
import { programLoginSchema } from "../../contracts/answers/login.ts";
import {
  refreshRequestSchema,
  tokenRequestSchema,
} from "../../contracts/auth.ts";
import { type ApiEnv, type ApiOptions, clientOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** Logins of programs: by password, and on by refresh token. */
export function tokenRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { auth } = options;
  const { app, define } = createRouter(options, authorizer);
  define({
    method: "post",
    path: "/token",
    summary: "Log a program in with e-mail, password and second factor",
    details:
      "Answers with an access token for five minutes and a refresh token that works once. Who has a second factor sends its code, or a recovery code.",
    tag: "logins",
    action: "open",
    body: tokenRequestSchema,
    answer: programLoginSchema,
    problems: [
      "AUTH_INVALID",
      "FACTOR_INVALID",
      "FACTOR_NEEDED",
      "LOGIN_DELAYED",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, body }) => auth.loginProgram(body, clientOf(c)));
  define(
    {
      method: "post",
      path: "/refresh",
      summary: "Go on with a program's login by its refresh token",
      details:
        "Each refresh token works once and the answer brings the next one; one that was used before ends the whole login.",
      tag: "logins",
      action: "open",
      body: refreshRequestSchema,
      answer: programLoginSchema,
      problems: ["REFRESH_INVALID", "STORE_UNAVAILABLE"],
    },
    ({ c, body: { refreshToken } }) =>
      auth.sessions.refresh(refreshToken, clientOf(c)),
  );
  return app;
}
