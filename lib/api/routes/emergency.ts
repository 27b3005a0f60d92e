import type { OpenAPIHono } from "@hono/zod-openapi";
import {
  drillResponseSchema,
  emergencyResponseSchema,
  stopResponseSchema,
} from "../../contracts/answers/emergency.ts";
import {
  releaseRequestSchema,
  stopRequestSchema,
} from "../../contracts/emergency.ts";
import { type ApiEnv, type ApiOptions, loginOf } from "../context.ts";
import { releaseStop } from "../emergency_release.ts";
import type { Authorizer } from "../gate.ts";
import { requireIdempotencyKey } from "../idempotency.ts";
import { idOf } from "../input.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { renewLogin } from "./login_answer.ts";

/** The emergency stop: pull a lever, see how it stands, try it out, release it. */
export function emergencyRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const { fleet: { emergency } } = options;
  const router = createRouter(options, authorizer);
  router.define({
    method: "get",
    path: "/",
    summary:
      "Read the stops in force, those released lately, and how they stand",
    tag: "emergency",
    action: "emergency.read",
    answer: emergencyResponseSchema,
    marksSeq: true,
  }, () => emergency.state());
  definePull(router, options);
  router.define({
    method: "post",
    path: "/:id/release",
    summary: "Let trading go on",
    details:
      "With a fresh proof in the body: who has a second factor sends its code, or " +
      "has proved it a moment ago; who has none sends the password. Where " +
      "somebody else may release, not by who has pulled the lever. A code gives " +
      "a browser's login a new id, also where the release is refused after it.",
    tag: "emergency",
    action: "emergency.release",
    guards: [authorizer.allowProving("emergency.release")],
    body: releaseRequestSchema,
    answer: emergencyResponseSchema,
    setsCookie: true,
    problems: [
      "AGENT_UNREACHABLE",
      "EMERGENCY_FILE",
      "EMERGENCY_NOT_FOUND",
      "FACTOR_INVALID",
      "LOGIN_DELAYED",
      "PROOF_INVALID",
      "SECOND_PERSON_NEEDED",
      "SESSION_NOT_FOUND",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, body, caller }) => {
    const { identity } = loginOf(c);
    const releaser = {
      identity,
      caller,
      address: c.env.remoteAddress,
      onFresh: () => renewLogin(c, options),
    };
    return releaseStop({ emergency, auth: options.auth }, {
      id: idOf(c),
      request: body,
      releaser,
    });
  });
  return router.app;
}

function definePull(
  { define }: Router,
  { fleet: { emergency } }: ApiOptions,
): void {
  define({
    method: "post",
    path: "/",
    summary: "Stop trading: block entries, withdraw orders, or close positions",
    details:
      "Accepted once the desk has latched; GET tells what has become of it. The " +
      "latch holds until it is released. Works while the store takes no writes, " +
      "and while the server shuts down. A key whose stop was another one, or was " +
      "released since, is refused.",
    tag: "emergency",
    action: "emergency.stop",
    body: stopRequestSchema,
    answer: stopResponseSchema,
    status: 202,
    // The key makes the id, and the desk knows ids: the store is not needed.
    idempotency: "by handler",
    problems: ["AGENT_NOT_FOUND", "REQUEST_INVALID", "STORE_UNAVAILABLE"],
  }, async ({ c, body, caller }) => {
    const { user } = loginOf(c).identity;
    const id = await stopIdOf(user.id, requireIdempotencyKey(c));
    return await emergency.stop(body, { id, caller });
  });
  define({
    method: "post",
    path: "/drill",
    summary: "See what a stop would do now; nothing is done",
    tag: "emergency",
    action: "emergency.read",
    body: stopRequestSchema,
    answer: drillResponseSchema,
    problems: ["AGENT_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ body, caller }) => emergency.drill(body, caller));
}

/** Id of the stop that a user asks for with a key; the same for the same request. */
export async function stopIdOf(userId: string, key: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${userId}/${key}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `stop_${new Uint8Array(digest).toHex().slice(0, 32)}`;
}
