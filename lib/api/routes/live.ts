import { Hono } from "hono";
import * as z from "zod";
import { type TicketResponse, topicsSchema } from "../../contracts/stream.ts";
import { AppError } from "../../core/errors.ts";
import type { StreamRequest } from "../../live/port.ts";
import type { TicketHolder } from "../../live/tickets.ts";
import {
  type ApiContext,
  type ApiEnv,
  type ApiOptions,
  loginOf,
} from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { readQuery, seqSchema } from "../input.ts";
import { originOf } from "../origin.ts";
import { addressKey } from "../rate_limit.ts";

const streamQuerySchema = z.strictObject({
  topics: topicsSchema,
  after: seqSchema.optional(),
});

/** Events as they happen, over SSE or WebSocket. */
export function liveRoutes(
  options: ApiOptions,
  { allow, verdict }: Authorizer,
): Hono<ApiEnv> {
  return new Hono<ApiEnv>()
    .post("/socket/ticket", allow("stream.read"), (c) => {
      const { ticket, expiresAt } = options.hub.issueTicket(
        listenerOf(c, { options, verdict }),
      );
      const at = new Date(expiresAt).toISOString();
      return c.json<TicketResponse>({ ticket, expiresAt: at }, 201);
    })
    .get("/socket/with-ticket", (c) => {
      refuseForeign(c, options);
      requireUpgrade(c);
      return options.hub.socketByTicket({
        request: c.req.raw,
        address: addressKey(c.env.remoteAddress),
      });
    })
    .get(
      "/stream",
      allow("stream.read"),
      (c) => options.hub.sse(streamRequest(c, { options, verdict })),
    )
    .get("/socket", allow("stream.read"), (c) => {
      requireUpgrade(c);
      return options.hub.socket(streamRequest(c, { options, verdict }));
    });
}

function streamRequest(
  c: ApiContext,
  { options, verdict }: {
    options: ApiOptions;
    verdict: Authorizer["verdict"];
  },
): StreamRequest {
  const query = readQuery(c, streamQuerySchema);
  return {
    ...listenerOf(c, { options, verdict }),
    request: c.req.raw,
    topics: query.topics ?? [],
    after: lastEventId(c) ?? query.after ?? null,
  };
}

/** Who listens, and how it is known that they still may. */
function listenerOf(
  c: ApiContext,
  { options, verdict }: {
    options: ApiOptions;
    verdict: Authorizer["verdict"];
  },
): TicketHolder {
  const { identity } = loginOf(c);
  return {
    userId: identity.user.id,
    isStillAllowed: async () => {
      // Of the login, not of the token: that of a program has ended by then.
      const now = await options.auth.sessions.recheck(identity);
      return now !== null && await verdict(now, "stream.read") === null;
    },
  };
}

/** A page of another site has no ticket, and needs no socket to try one. */
function refuseForeign(c: ApiContext, options: ApiOptions): void {
  if (originOf(c.req.raw, options) !== "foreign") return;
  throw new AppError(
    "ORIGIN_FOREIGN",
    "Sockets open from this server's own pages and from programs only",
  );
}

function requireUpgrade(c: ApiContext): void {
  if (c.req.header("upgrade")?.toLowerCase() === "websocket") return;
  throw new AppError(
    "REQUEST_MALFORMED",
    `Open ${c.req.path} as a WebSocket, or read GET /api/stream`,
  );
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
