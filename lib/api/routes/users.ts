import { Hono } from "hono";
import * as z from "zod";
import type { ActingAdmin, MadeInvite } from "../../auth/people/port.ts";
import { AppError } from "../../core/errors.ts";
import {
  INVITE_PATH,
  inviteRequestSchema,
  type InviteView,
  type LinkResponse,
  type PersonView,
  resetLinkRequestSchema,
  userChangeSchema,
} from "../../contracts/people.ts";
import type { ListResponse } from "../client.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  callerOf,
  loginOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { limitSchema, readJson, readQuery } from "../input.ts";
import { pageOriginOf } from "../relying_party.ts";

/** A user id: `usr_` and a ULID. */
const USER_ID_PATTERN = /^usr_[0-9A-Z]{26}$/;

const pageSchema = z.strictObject({
  limit: limitSchema,
  cursor: z.string().regex(
    USER_ID_PATTERN,
    "Use the nextCursor of an earlier answer",
  ).optional(),
});

/** Accounts of people: list, invite, change, set the password anew. */
export function userRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { people } = options.auth;
  return new Hono<ApiEnv>()
    .get("/", allow("users.read"), async (c) => {
      const { limit, cursor = null } = readQuery(c, pageSchema);
      return c.json<ListResponse<PersonView>>(
        await people.page({ limit, cursor }),
      );
    })
    .post("/", allow("users.manage"), async (c) => {
      const request = inviteRequestSchema.parse((await readJson(c)).value);
      const made = await people.invite(request, adminOf(c));
      return c.json<LinkResponse>(withLink(c, options, made), 201);
    })
    .put("/:user", allow("users.manage"), async (c) => {
      const change = userChangeSchema.parse((await readJson(c)).value);
      return c.json<PersonView>(
        await people.change(userIdOf(c), change, adminOf(c)),
      );
    })
    .post("/:user/reset-link", allow("users.manage"), async (c) => {
      const { removesFactor } = resetLinkRequestSchema.parse(
        (await readJson(c)).value,
      );
      const made = await people.resetLink(
        userIdOf(c),
        { removesFactor },
        adminOf(c),
      );
      return c.json<LinkResponse>(withLink(c, options, made), 201);
    });
}

/** Links that were not used yet. */
export function inviteRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { people } = options.auth;
  return new Hono<ApiEnv>()
    .get(
      "/",
      allow("users.read"),
      async (c) =>
        c.json<ListResponse<InviteView>>({
          items: await people.invites(),
          nextCursor: null,
        }),
    )
    .delete("/:invite", allow("users.manage"), async (c) => {
      await people.revoke(c.req.param("invite"), adminOf(c));
      return c.body(null, 204);
    });
}

/** What is behind the # stays in the browser: no log, proxy or Referer sees the token. */
function withLink(
  c: ApiContext,
  options: ApiOptions,
  { invite, token }: MadeInvite,
): LinkResponse {
  const fragment = new URLSearchParams({ token, for: invite.email });
  const origin = pageOriginOf(c.req.raw, options);
  return { invite, link: `${origin}${INVITE_PATH}#${fragment}` };
}

function adminOf(c: ApiContext): ActingAdmin {
  return {
    user: loginOf(c).identity.user,
    address: c.env.remoteAddress,
    via: callerOf(c).via,
  };
}

/** @throws {AppError} USER_NOT_FOUND for what no id looks like. */
function userIdOf(c: ApiContext): string {
  const id = c.req.param("user") ?? "";
  if (USER_ID_PATTERN.test(id)) return id;
  throw new AppError(
    "USER_NOT_FOUND",
    "There is nobody of this id; GET /api/users lists the ids",
  );
}
