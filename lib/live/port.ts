import type { StreamEnvelope } from "../contracts/stream.ts";
import type { UnknownSocket } from "./lobby.ts";
import type { IssuedTicket, TicketHolder } from "./tickets.ts";

/** What a stream request asks for, after authentication. */
export interface StreamRequest {
  request: Request;
  userId: string;
  /** Empty = everything but `market:update`. */
  topics: readonly string[];
  /** Resume after this event; null = from now on. A `Last-Event-ID` header of the request goes before it. */
  after: number | null;
  /** Checked again every 60 s; the stream is closed when it turns false. */
  isStillAllowed: () => Promise<boolean>;
}

/** Fans stored events out to every SSE and WebSocket client of this process. */
export interface LiveHub {
  /**
   * Answers `GET /api/stream`.
   *
   * @throws {AppError} RATE_LIMITED if the user has 10 streams open, DRAINING after `close`.
   */
  sse(stream: StreamRequest): Response;
  /**
   * Answers `GET /api/socket` with an upgrade. A request without topics and
   * `after` waits 2 s for a `subscribe` frame, then gets the default topics.
   *
   * @throws {AppError} RATE_LIMITED if the user has 5 sockets open, or 15 that were
   * closed but whose connections still stand; DRAINING after `close`, REQUEST_MALFORMED if the request is no upgrade.
   */
  socket(stream: StreamRequest): Response;
  /**
   * Answers `GET /api/socket/with-ticket` with an upgrade: the socket is served
   * as its ticket's holder once the ticket has come in the first frame, within
   * 5 s. It is closed with 4401 otherwise.
   *
   * @throws {AppError} RATE_LIMITED if too many wait, DRAINING after `close`,
   * REQUEST_MALFORMED if the request is no upgrade.
   */
  socketByTicket(waiting: UnknownSocket): Response;
  /** Gives a ticket for such a socket: good once, for 30 s. */
  issueTicket(holder: TicketHolder): IssuedTicket;
  /**
   * Sends an event that is not stored to whoever listens to its topics now: a
   * market update, or an alert while the store is down. Its `seq` must be null.
   */
  publishVolatile(envelope: StreamEnvelope, agentId: string | null): void;
  /** Asks at once whether the streams of a user are still allowed, because something has ended. */
  recheck(userId: string): void;
  /** Clients, queued bytes and dropped clients, for health and metrics. */
  stats(): { clients: number; queuedBytes: number; dropped: number };
  /** Tells every client why and closes it. */
  close(reason: string): Promise<void>;
}
