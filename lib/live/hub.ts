import { AppError } from "../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import type { StreamEnvelope } from "../contracts/stream.ts";
import type { EventStore } from "../store/port.ts";
import { LiveClient } from "./client.ts";
import { Lobby, type UnknownSocket } from "./lobby.ts";
import { FrameBatch } from "./frames/frame_batch.ts";
import { toControlFrame, toFrame } from "./frames/frames.ts";
import {
  HEARTBEAT_MS,
  MAX_SOCKETS_PER_USER,
  MAX_SSE_PER_USER,
  MAX_UNCLOSED_PER_USER,
  SUBSCRIBE_WAIT_MS,
} from "./limits.ts";
import type { LiveHub, StreamRequest } from "./port.ts";
import { cutReason, serveSocket, upgrade } from "./socket.ts";
import { openSse } from "./sse.ts";
import { EventTail } from "./tail.ts";
import {
  createTickets,
  type IssuedTicket,
  type TicketHolder,
  type Tickets,
} from "./tickets.ts";
import { checkAllowed, startWatchdogs } from "./watchdogs.ts";

/** What a hub needs. */
export interface LiveHubOptions {
  /** The store's event log. Only reading is used. */
  events: Pick<EventStore, "headSeq" | "after" | "watch">;
  time: TimeSource;
  heartbeatMs?: number;
}

/** Creates the hub of this process. */
export function createLiveHub(options: LiveHubOptions): LiveHub {
  return new Hub(options);
}

/** Who listens to what, however they came. */
type Listening = Omit<StreamRequest, "request">;

class Hub implements LiveHub {
  readonly #time: TimeSource;
  readonly #heartbeatMs: number;
  readonly #clients = new Set<LiveClient>();
  readonly #ending = new Set<Promise<void>>();
  readonly #tail: EventTail;
  readonly #watchdogs: TimeSourceTimer;
  readonly #tickets: Tickets;
  readonly #lobby: Lobby;
  /** Sockets by user whose connection still stands, whether or not they are still served. */
  readonly #connections = new Map<string, number>();
  #registered = 0;
  #dropped = 0;
  #closedBecause: string | null = null;

  constructor(options: LiveHubOptions) {
    this.#time = options.time;
    this.#heartbeatMs = options.heartbeatMs ?? HEARTBEAT_MS;
    this.#tail = new EventTail(options.events, {
      time: options.time,
      clients: this.#clients,
    });
    this.#tickets = createTickets({ now: () => options.time.nowMs() });
    this.#lobby = new Lobby({
      time: options.time,
      tickets: this.#tickets,
      onKnown: (socket, holder) => this.#serveHolder(socket, holder),
    });
    this.#watchdogs = startWatchdogs({
      time: options.time,
      heartbeatMs: this.#heartbeatMs,
      clients: this.#clients,
      onDropped: () => this.#dropped++,
    });
  }

  sse(stream: StreamRequest): Response {
    const client = this.#register("sse", stream);
    const response = openSse(client);
    client.setTopics(stream.topics);
    this.#start(client, lastEventId(stream.request) ?? stream.after);
    return response;
  }

  socket(stream: StreamRequest): Response {
    this.#refuseUnclosed(stream.userId);
    const client = this.#register("socket", stream);
    try {
      const { socket, response } = upgrade(stream.request);
      this.#serve(client, { socket, stream });
      return response;
    } catch (error) {
      client.leave();
      throw noUpgrade(error);
    }
  }

  socketByTicket(waiting: UnknownSocket): Response {
    this.#refuseClosed();
    try {
      return this.#lobby.admit(waiting);
    } catch (error) {
      throw error instanceof AppError ? error : noUpgrade(error);
    }
  }

  issueTicket(holder: TicketHolder): IssuedTicket {
    return this.#tickets.issue(holder);
  }

  publishVolatile(envelope: StreamEnvelope, _agentId: string | null): void {
    const batch = new FrameBatch([toFrame(envelope)]);
    for (const client of this.#clients) client.offerVolatile(batch);
  }

  recheck(userId: string): void {
    for (const client of this.#clients) {
      if (client.userId === userId) void checkAllowed(client);
    }
  }

  stats(): { clients: number; queuedBytes: number; dropped: number } {
    let queuedBytes = 0;
    for (const client of this.#clients) queuedBytes += client.queuedBytes;
    return {
      clients: this.#clients.size,
      queuedBytes,
      dropped: this.#dropped,
    };
  }

  async close(reason: string): Promise<void> {
    this.#closedBecause = reason;
    this.#lobby.close(cutReason(reason));
    this.#tail.close();
    this.#watchdogs.cancel();
    for (const client of this.#clients) client.close(reason, 1001);
    await Promise.all(this.#ending);
  }

  /** Serves a socket whose ticket has told whose it is; what is refused is said in the close frame. */
  #serveHolder(
    socket: WebSocket,
    holder: TicketHolder,
  ): (data: unknown) => void {
    const stream = { ...holder, topics: [], after: null };
    try {
      this.#refuseUnclosed(holder.userId);
      const client = this.#register("socket", stream);
      return this.#serve(client, { socket, stream });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      socket.close(1013, cutReason(error.message));
      return () => {};
    }
  }

  #serve(
    client: LiveClient,
    { socket, stream }: { socket: WebSocket; stream: Listening },
  ): (data: unknown) => void {
    const startFromUrl = () => {
      if (client.mode !== "waiting") return;
      client.setTopics(stream.topics);
      this.#start(client, stream.after);
    };
    this.#countConnection(stream.userId, 1);
    return serveSocket(client, socket, {
      time: this.#time,
      onOpen: () => {
        if (stream.topics.length > 0 || stream.after !== null) {
          startFromUrl();
          return;
        }
        const timer = this.#time.after(SUBSCRIBE_WAIT_MS, startFromUrl);
        void client.ended.then(() => timer.cancel());
      },
      onSubscribe: ({ topics, after }) => {
        client.setTopics(topics);
        if (client.mode === "waiting" || after !== undefined) {
          this.#start(client, after ?? null);
        } else {
          this.#hello(client);
        }
      },
      onPing: () => this.#heartbeat(client),
      onGone: () => this.#countConnection(stream.userId, -1),
    });
  }

  #refuseClosed(): void {
    if (this.#closedBecause === null) return;
    throw new AppError("DRAINING", `${this.#closedBecause}; connect again`, {
      status: 503,
    });
  }

  #register(kind: "sse" | "socket", stream: Listening): LiveClient {
    this.#refuseClosed();
    const limit = kind === "sse" ? MAX_SSE_PER_USER : MAX_SOCKETS_PER_USER;
    const { userId, isStillAllowed } = stream;
    const open =
      [...this.#clients].filter((client) =>
        client.kind === kind && client.userId === userId
      ).length;
    if (open >= limit) {
      throw new AppError(
        "RATE_LIMITED",
        `You have ${open} live streams of this kind open, which is the limit; close a tab or program that listens`,
        { status: 429 },
      );
    }
    const client = new LiveClient({
      kind,
      number: this.#registered++,
      userId,
      isStillAllowed,
      time: this.#time,
      onClosed: (closed) => this.#clients.delete(closed),
    });
    this.#clients.add(client);
    const ended = client.ended.then(() => {
      this.#ending.delete(ended);
    });
    this.#ending.add(ended);
    return client;
  }

  #countConnection(userId: string, change: 1 | -1): void {
    const count = (this.#connections.get(userId) ?? 0) + change;
    if (count === 0) this.#connections.delete(userId);
    else this.#connections.set(userId, count);
  }

  #refuseUnclosed(userId: string): void {
    const count = this.#connections.get(userId) ?? 0;
    if (count < MAX_SOCKETS_PER_USER + MAX_UNCLOSED_PER_USER) return;
    throw new AppError(
      "RATE_LIMITED",
      `${count} of your sockets are still connected, most of them closed by the server because they were not read; end the programs that hold them`,
      { status: 429 },
    );
  }

  /** Puts a client at its place, greets it, and lets it catch up. */
  #start(client: LiveClient, after: number | null): void {
    client.place(after ?? this.#tail.headSeq);
    client.mode = "replaying";
    this.#hello(client);
    this.#tail.serve(client);
  }

  #hello(client: LiveClient): void {
    client.control(toControlFrame({
      v: 1,
      type: "hello",
      seq: client.cursor,
      heartbeatMs: this.#heartbeatMs,
    }));
  }

  #heartbeat(client: LiveClient): void {
    const at = new Date(this.#time.nowMs()).toISOString();
    const { cursor: seq } = client;
    client.control(toControlFrame({ v: 1, type: "heartbeat", seq, at }));
  }
}

function noUpgrade(cause: unknown): AppError {
  return new AppError(
    "REQUEST_MALFORMED",
    "This address speaks WebSocket: send an Upgrade request, or read /api/stream instead",
    { status: 400, cause },
  );
}

function lastEventId(request: Request): number | null {
  const text = request.headers.get("last-event-id");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}
