import { Hono } from "hono";
import type { SessionView } from "../../contracts/auth.ts";
import { AppError } from "../../core/errors.ts";
import type { ListResponse, RevokedResponse } from "../client.ts";
import { type ApiEnv, type ApiOptions, callerOf, loginOf } from "../context.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { Authorizer } from "../gate.ts";
import { listedUser } from "../owned.ts";

/** Logins of people and programs: listed and ended, one's own or, by an admin, anybody's. */
export function sessionRoutes(
  { auth }: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  const { sessions } = auth;
  const ofSession: OwnerOf = async (c) => {
    const id = c.req.param("session") ?? "";
    return {
      id,
      ownerId: await sessions.ownerOf(id),
      isLive: false,
      // Whether another's login exists is nobody's business.
      hiddenAs: new AppError(
        "SESSION_NOT_FOUND",
        `There is no login "${
          id.slice(0, 40)
        }" of yours; it may have ended already`,
        { status: 404 },
      ),
    };
  };
  return new Hono<ApiEnv>()
    .get("/", allow("sessions.read"), async (c) => {
      const userId = listedUser(c, "sessions.read");
      const current = loginOf(c).identity.sessionId;
      return c.json<ListResponse<SessionView>>({
        items: await sessions.list(userId, { current }),
        nextCursor: null,
      });
    })
    .post("/revoke-others", allow("sessions.revoke"), async (c) => {
      const { identity } = loginOf(c);
      const userId = listedUser(c, "sessions.revoke");
      const isOwn = userId === identity.user.id;
      const revoked = await sessions.revokeOthers(userId, {
        except: isOwn ? identity.sessionId : null,
        caller: callerOf(c),
      });
      return c.json<RevokedResponse>({ revoked });
    })
    .delete("/:session", allow("sessions.revoke", ofSession), async (c) => {
      await sessions.revoke(c.req.param("session"), callerOf(c));
      return c.body(null, 204);
    });
}
