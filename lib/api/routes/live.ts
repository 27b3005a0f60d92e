import { Hono } from "hono";
import * as z from "zod";
import { topicsSchema } from "../../contracts/stream.ts";
import { AppError } from "../../core/errors.ts";
import type { StreamRequest } from "../../live/port.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  loginOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readQuery, seqSchema } from "../input.ts";
import { isAllowed } from "../../contracts/policy.ts";

const streamQuerySchema = z.strictObject({
  topics: topicsSchema,
  after: seqSchema.optional(),
});

/** Events as they happen, over SSE or WebSocket. */
export function liveRoutes(
  options: ApiOptions,
  { allow }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .get(
      "/stream",
      allow("stream.read"),
      (c) => options.hub.sse(streamRequest(c, options)),
    )
    .get("/socket", allow("stream.read"), (c) => {
      if (c.req.header("upgrade")?.toLowerCase() !== "websocket") {
        throw new AppError(
          "REQUEST_MALFORMED",
          "Open /api/socket as a WebSocket, or read GET /api/stream",
        );
      }
      return options.hub.socket(streamRequest(c, options));
    });
}

function streamRequest(c: ApiContext, options: ApiOptions): StreamRequest {
  const query = readQuery(c, streamQuerySchema);
  const { identity } = loginOf(c);
  return {
    request: c.req.raw,
    userId: identity.user.id,
    topics: query.topics ?? [],
    after: lastEventId(c) ?? query.after ?? null,
    isStillAllowed: async () => {
      // Of the login, not of the token: that of a program has ended by then.
      const now = await options.auth.sessions.recheck(identity);
      return now !== null && isAllowed(now.user.role, "stream.read");
    },
  };
}

/** A browser that reconnects repeats the old address with this header, so the header is newer. */
function lastEventId(c: ApiContext): number | null {
  const text = c.req.header("last-event-id") ?? "";
  if (text === "") return null;
  const parsed = seqSchema.safeParse(text);
  if (!parsed.success) {
    throw new AppError(
      "REQUEST_INVALID",
      "Last-Event-ID must be the sequence number of an event: digits only",
    );
  }
  return parsed.data;
}
