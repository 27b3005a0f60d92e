import { Hono } from "hono";
import {
  releaseRequestSchema,
  stopRequestSchema,
} from "../../contracts/emergency.ts";
import {
  type ApiEnv,
  type ApiOptions,
  callerOf,
  loginOf,
  markStreamSeq,
} from "../context.ts";
import { releaseStop } from "../emergency_release.ts";
import type { Authorizer } from "../gate.ts";
import { requireIdempotencyKey } from "../idempotency.ts";
import { idOf, readJson } from "../input.ts";

/** The emergency stop: pull a lever, see how it stands, try it out, release it. */
export function emergencyRoutes(
  options: ApiOptions,
  { allow, allowProving }: Authorizer,
): Hono<ApiEnv> {
  const { auth, fleet: { emergency } } = options;
  return new Hono<ApiEnv>()
    .get("/", allow("emergency.read"), (c) => {
      markStreamSeq(c, options.headSeq());
      return c.json(emergency.state());
    })
    .post("/", allow("emergency.stop"), async (c) => {
      const key = requireIdempotencyKey(c);
      const request = stopRequestSchema.parse((await readJson(c)).value);
      // The key makes the id, and the desk knows ids: the store is not needed.
      const id = await stopIdOf(loginOf(c).identity.user.id, key);
      const answer = await emergency.stop(request, { id, caller: callerOf(c) });
      return c.json(answer, 202);
    })
    .post("/drill", allow("emergency.read"), async (c) => {
      const request = stopRequestSchema.parse((await readJson(c)).value);
      return c.json(await emergency.drill(request, callerOf(c)));
    })
    .post("/:id/release", allowProving("emergency.release"), async (c) => {
      const request = releaseRequestSchema.parse((await readJson(c)).value);
      const { identity } = loginOf(c);
      const address = c.env.remoteAddress;
      const releaser = { identity, caller: callerOf(c), address };
      return c.json(
        await releaseStop({ emergency, auth }, {
          id: idOf(c),
          request,
          releaser,
        }),
      );
    });
}

/** Id of the stop that a user asks for with a key; the same for the same request. */
export async function stopIdOf(userId: string, key: string): Promise<string> {
  const bytes = new TextEncoder().encode(`${userId}/${key}`);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return `stop_${new Uint8Array(digest).toHex().slice(0, 32)}`;
}
