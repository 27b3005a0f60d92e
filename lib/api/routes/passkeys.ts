import { Hono } from "hono";
import { AppError } from "../../core/errors.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { RegistrationOptions } from "../../auth/passkeys/port.ts";
import {
  passkeyRenameSchema,
  passkeyRequestSchema,
  type PasskeyView,
} from "../../contracts/passkey.ts";
import type { ListResponse } from "../client.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  loginOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readJson } from "../input.ts";
import { relyingPartyOf } from "../relying_party.ts";

/** The person's own passkeys: add, rename, remove. */
export function passkeyRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { passkeys } = options.auth;
  const ofPasskey = passkeyInPath(options);
  return new Hono<ApiEnv>()
    .get(
      "/passkeys",
      allow("account.factor"),
      async (c) =>
        c.json<ListResponse<PasskeyView>>({
          items: await passkeys.list(loginOf(c).identity.user),
          nextCursor: null,
        }),
    )
    .post("/passkeys/options", allow("account.passkeys"), async (c) => {
      const site = relyingPartyOf(c.req.raw, options);
      return c.json<RegistrationOptions>(
        await passkeys.registration(loginOf(c).identity, site),
      );
    })
    .post("/passkeys", allow("account.passkeys"), async (c) => {
      const request = passkeyRequestSchema.parse((await readJson(c)).value);
      const view = await passkeys.register(loginOf(c).identity, request, {
        site: relyingPartyOf(c.req.raw, options),
        client: clientOf(c),
      });
      return c.json<PasskeyView>(view, 201);
    })
    .put(
      "/passkeys/:passkey",
      allow("account.factor", ofPasskey),
      async (c) => {
        const { name } = passkeyRenameSchema.parse((await readJson(c)).value);
        const id = c.req.param("passkey");
        return c.json<PasskeyView>(
          await passkeys.rename(loginOf(c).identity, {
            id,
            name,
            client: clientOf(c),
          }),
        );
      },
    )
    .delete(
      "/passkeys/:passkey",
      allow("account.passkeys", ofPasskey),
      async (c) => {
        const id = c.req.param("passkey");
        await passkeys.remove(loginOf(c).identity, { id, client: clientOf(c) });
        return c.body(null, 204);
      },
    );
}

function passkeyInPath({ auth: { passkeys } }: ApiOptions): OwnerOf {
  return async (c) => {
    const { user } = loginOf(c).identity;
    const id = c.req.param("passkey") ?? "";
    const isOwn = (await passkeys.list(user)).some((known) => known.id === id);
    const ownerId = isOwn ? user.id : null;
    return { id, ownerId, isLive: false, hiddenAs: passkeyNotFound() };
  };
}

/** Whether another's passkey exists is nobody's business. */
function passkeyNotFound(): AppError {
  return new AppError(
    "PASSKEY_NOT_FOUND",
    "You have no passkey of this id; GET /api/account/passkeys lists the ids",
    { status: 404 },
  );
}

function clientOf(c: ApiContext): { address: string; via: string } {
  return { address: c.env.remoteAddress, via: callerOf(c).via };
}
