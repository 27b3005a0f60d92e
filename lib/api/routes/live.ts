import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import {
  streamFrameSchema,
  ticketResponseSchema,
} from "../../contracts/answers/stream.ts";
import {
  subscribeFrameSchema,
  ticketFrameSchema,
  topicsSchema,
} from "../../contracts/stream.ts";
import { addressKey } from "../../core/address_key.ts";
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
import { seqSchema } from "../input.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { originOf } from "../origin.ts";

const streamQuerySchema = z.strictObject({
  topics: topicsSchema.describe(
    "Comma-separated: agent:update, market:update, backtest:update, logs:all, " +
      "logs:{agentId}, trade:alert, trades:{agentId}, system:event; all but " +
      "market:update and backtest:update where it is left out",
  ),
  after: seqSchema.optional().describe(
    "Go on after this event, for instance after the X-Stream-Seq of an answer; from now on where it is left out",
  ),
});
type StreamQuery = z.output<typeof streamQuerySchema>;

/** What the stream tells first, and what it says of itself. */
const FRAMES =
  "First comes hello with the place of the stream, then events, and heartbeats " +
  "in between. After resync what was missed is no longer kept: read the state " +
  "again and go on from its seq.";

/** Rights and services of these routes. */
interface Parts {
  options: ApiOptions;
  verdict: Authorizer["verdict"];
}

/** Events as they happen, over SSE and WebSocket. */
export function liveRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  const parts = { options, verdict: authorizer.verdict };
  defineStream(router, parts);
  defineSockets(router, parts);
  return router.app;
}

function defineStream({ define }: Router, parts: Parts): void {
  define(
    {
      method: "get",
      path: "/stream",
      summary: "Listen to events, as server-sent events",
      details:
        `Each event of the stream has the place as its id, its type as event, and the frame as JSON data. ${FRAMES} At most 10 at a time for one person.`,
      tag: "live",
      action: "stream.read",
      query: streamQuerySchema,
      headers: ["LastEventId"],
      answer: { media: ["text/event-stream"], unit: streamFrameSchema },
      problems: ["DRAINING", "ORIGIN_FOREIGN"],
    },
    ({ c, query }) =>
      parts.options.hub.sse(streamRequest(c, { ...parts, query })),
  );
}

function defineSockets({ define }: Router, parts: Parts): void {
  const { hub } = parts.options;
  const socket = {
    method: "get",
    tag: "live",
    status: 101,
    headers: ["Upgrade"],
    problems: ["DRAINING", "ORIGIN_FOREIGN", "REQUEST_MALFORMED"],
  } as const;
  const sent = { media: [], unit: streamFrameSchema } as const;
  define({
    ...socket,
    path: "/socket",
    summary: "Listen to events, as a WebSocket",
    details:
      `Each message is one frame as JSON. ${FRAMES} A subscribe frame chooses topics, now and whenever they change. At most 5 at a time for one person.`,
    action: "stream.read",
    query: streamQuerySchema,
    headers: ["Upgrade", "LastEventId"],
    answer: { ...sent, accepts: subscribeFrameSchema },
  }, ({ c, query }) => {
    requireUpgrade(c);
    return hub.socket(streamRequest(c, { ...parts, query }));
  });
  define({
    method: "post",
    path: "/socket/ticket",
    summary: "Get a ticket for a socket: good once, for 30 seconds",
    tag: "live",
    action: "stream.read",
    answer: ticketResponseSchema,
    status: 201,
  }, ({ c }) => {
    const { ticket, expiresAt } = hub.issueTicket(listenerOf(c, parts));
    return { ticket, expiresAt: new Date(expiresAt).toISOString() };
  });
  define({
    ...socket,
    path: "/socket/with-ticket",
    summary: "Open a WebSocket whose first message is a ticket",
    details:
      "The ticket has to come within 5 seconds; without one that holds the socket is closed with 4401. After it everything is as at GET /api/socket.",
    action: "open",
    answer: {
      ...sent,
      accepts: z.union([ticketFrameSchema, subscribeFrameSchema]),
    },
  }, ({ c }) => {
    refuseForeign(c, parts.options);
    requireUpgrade(c);
    return hub.socketByTicket({
      request: c.req.raw,
      address: addressKey(c.env.remoteAddress),
    });
  });
}

function streamRequest(
  c: ApiContext,
  { query, ...parts }: Parts & { query: StreamQuery },
): StreamRequest {
  return {
    ...listenerOf(c, parts),
    request: c.req.raw,
    topics: query.topics ?? [],
    after: lastEventId(c) ?? query.after ?? null,
  };
}

/** Who listens, and how it is known that they still may. */
function listenerOf(
  c: ApiContext,
  { options, verdict }: Parts,
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
