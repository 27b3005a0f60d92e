import type { OpenAPIHono } from "@hono/zod-openapi";
import { preferencesAnswerSchema } from "../../contracts/answers/preferences.ts";
import { DEFAULT_PREFERENCES } from "../../contracts/preference_values.ts";
import { preferencesSchema } from "../../contracts/preferences.ts";
import { type ApiEnv, type ApiOptions, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { createRouter } from "../openapi/router.ts";

/** How the person who asks wants the panel. */
export function preferenceRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { preferences } = options;
  const { app, define } = createRouter(options, authorizer);
  define(
    {
      method: "get",
      path: "/preferences",
      summary: "Read how one wants the panel",
      details: "What was never chosen has its preset.",
      tag: "account",
      action: "account.read",
      answer: preferencesAnswerSchema,
    },
    async ({ c }) =>
      await preferences.get(loginOf(c).identity.user.id) ?? DEFAULT_PREFERENCES,
  );
  define({
    method: "put",
    path: "/preferences",
    summary: "Choose how one wants the panel",
    details:
      "All of them at once. There is no If-Match: of two changes the later one holds.",
    tag: "account",
    action: "account.preferences",
    body: preferencesSchema,
    answer: preferencesAnswerSchema,
    problems: ["STORE_UNAVAILABLE"],
  }, async ({ c, body }) => {
    await preferences.put(loginOf(c).identity.user.id, body);
    return body;
  });
  return app;
}
