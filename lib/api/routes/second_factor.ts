import { type Context, Hono } from "hono";
import {
  type EnrolmentResponse,
  enrolRequestSchema,
  factorCodeSchema,
  type RecoveryCodesResponse,
  type SecondFactorView,
} from "../../contracts/second_factor.ts";
import { type ApiEnv, type ApiOptions, callerOf, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";

/** The person's own second factor: set up, prove, remove. */
export function secondFactorRoutes(
  { auth }: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { factor } = auth;
  return new Hono<ApiEnv>()
    .get(
      "/second-factor",
      allow("account.factor"),
      async (c) =>
        c.json<SecondFactorView>(await factor.view(loginOf(c).identity)),
    )
    .post("/second-factor", allow("account.factor"), async (c) => {
      const { password } = enrolRequestSchema.parse((await readJson(c)).value);
      const answer = await factor.enrol(loginOf(c).identity, {
        password,
        client: clientOf(c),
      });
      return c.json<EnrolmentResponse>(answer, 201);
    })
    .post("/second-factor/confirm", allow("account.factor"), async (c) => {
      const recoveryCodes = await factor.confirm(
        loginOf(c).identity,
        await codeOf(c),
      );
      return c.json<RecoveryCodesResponse>({ recoveryCodes });
    })
    .post("/second-factor/remove", allow("account.factor"), async (c) => {
      await factor.remove(loginOf(c).identity, await codeOf(c));
      return c.body(null, 204);
    })
    .post(
      "/step-up",
      allow("account.factor"),
      async (c) =>
        c.json<SecondFactorView>(
          await factor.stepUp(loginOf(c).identity, await codeOf(c)),
        ),
    );
}

async function codeOf(c: Context<ApiEnv>) {
  const { code } = factorCodeSchema.parse((await readJson(c)).value);
  return { code, client: clientOf(c) };
}

function clientOf(c: Context<ApiEnv>): { address: string; via: string } {
  return { address: c.env.remoteAddress, via: callerOf(c).via };
}
