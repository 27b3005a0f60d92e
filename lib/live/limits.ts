/**
 * Every limit of the live hub. Neither SSE nor WebSocket has back-pressure of
 * its own in Deno: a client that never reads would fill the memory.
 *
 * @module
 */

/** Streams of one user. One more is refused: closing the oldest would make two reconnecting tabs fight for ever. */
export const MAX_SOCKETS_PER_USER = 5;
export const MAX_SSE_PER_USER = 10;
/**
 * Sockets of one user that we have closed but whose other side has not: as long
 * as it neither reads nor leaves, the connection and what is buffered for it
 * stay, and Deno has no way to cut it.
 */
export const MAX_UNCLOSED_PER_USER = 10;

/** Events between a client's place and now that are sent again; more and the client reads the state instead. */
export const MAX_REPLAY_EVENTS = 5_000;
/** Events read from the store at once. */
export const READ_BATCH = 200;
/** Newest events kept in serialized form, so that short gaps need no store. */
export const RING_EVENTS = 2_048;
export const RING_BYTES = 8 * 1024 * 1024;
/** Bytes of older events kept after a read, so that clients that come back together share it. */
export const SHARED_BYTES = 8 * 1024 * 1024;

/** A client with more queued leaves the live path and is served from the log at its own pace. */
export const COALESCE_BYTES = 1024 * 1024;
/** Replay goes on when less than this is queued. */
export const REPLAY_LOW_BYTES = 256 * 1024;
/** A client with more waiting is closed. */
export const MAX_CLIENT_BYTES = 4 * 1024 * 1024;
/** A client that takes nothing for this long while something waits is closed. */
export const STUCK_MS = 10_000;
/** How often that is looked at. */
export const WATCHDOG_MS = 1_000;
/** How long a closing client may take for its last frame. */
export const CLOSE_GRACE_MS = 2_000;

/** Bytes in one SSE chunk, and bytes that a WebSocket may have buffered before frames wait in our queue. */
export const WRITE_BYTES = 64 * 1024;
export const SOCKET_BUFFER_BYTES = 256 * 1024;
/** Pause before a full socket is looked at again; it has no event for that. */
export const SOCKET_POLL_MS = 20;

/** What a WebSocket client may send. */
export const MAX_INBOUND_BYTES = 16 * 1024;
export const MAX_INBOUND_PER_SECOND = 20;
/** How long a socket waits for its first `subscribe` frame before it takes the topics of its URL. */
export const SUBSCRIBE_WAIT_MS = 2_000;
/** Seconds after which Deno closes a socket that answers no ping. */
export const SOCKET_IDLE_SECONDS = 60;

/** How often a client's right to listen is checked again; the checks of all clients are spread over it. */
export const ALLOWED_CHECK_MS = 60_000;
/** First reconnect of a browser's EventSource. */
export const SSE_RETRY_MS = 2_000;
/** Pause between heartbeats. */
export const HEARTBEAT_MS = 15_000;

/** A ticket for a socket is good once, and for this long. */
export const TICKET_MS = 30_000;
/** Random bytes of a ticket. */
export const TICKET_BYTES = 32;
/** Tickets kept; the oldest gives way. */
export const MAX_TICKETS = 1_000;
export const MAX_TICKETS_PER_USER = 10;
/** A socket without a login that has not sent its ticket after this time is closed. */
export const TICKET_WAIT_MS = 5_000;
/** Sockets that wait for their ticket, of one address and of all; more are refused with 429. */
export const MAX_WAITING_PER_ADDRESS = 5;
export const MAX_WAITING_SOCKETS = 100;
