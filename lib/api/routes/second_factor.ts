import { type Context, Hono } from "hono";
import {
  type EnrolmentResponse,
  enrolRequestSchema,
  factorCodeSchema,
  type RecoveryCodesResponse,
  type SecondFactorView,
  stepUpSchema,
} from "../../contracts/second_factor.ts";
import { type ApiEnv, type ApiOptions, callerOf, loginOf } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import type { AssertionOptions } from "../../auth/passkeys/port.ts";
import { readJson } from "../input.ts";
import { relyingPartyOf } from "../relying_party.ts";
import { setSessionCookie } from "./login_answer.ts";

/** The person's own second factor: set up, prove, remove. And any proof of who asks. */
export function secondFactorRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { auth } = options;
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
    .post("/step-up/options", allow("account.factor"), async (c) => {
      const site = relyingPartyOf(c.req.raw, options);
      return c.json<AssertionOptions>(
        await auth.passkeys.proofOptions(loginOf(c).identity, site),
      );
    })
    .post("/step-up", allow("account.factor"), async (c) => {
      const proof = stepUpSchema.parse((await readJson(c)).value);
      const { identity, transport } = loginOf(c);
      const view = await auth.stepUp(
        identity,
        "passkey" in proof
          ? { ...proof, site: relyingPartyOf(c.req.raw, options) }
          : proof,
        clientOf(c),
      );
      // What was proven anew must not be open to whoever knew the old id.
      if (transport === "cookie" && identity.kind === "session") {
        setSessionCookie(c, options, await auth.renew(identity));
      }
      return c.json<SecondFactorView>(view);
    });
}

async function codeOf(c: Context<ApiEnv>) {
  const { code } = factorCodeSchema.parse((await readJson(c)).value);
  return { code, client: clientOf(c) };
}

function clientOf(c: Context<ApiEnv>): { address: string; via: string } {
  return { address: c.env.remoteAddress, via: callerOf(c).via };
}
