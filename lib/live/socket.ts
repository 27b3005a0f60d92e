import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import {
  type SubscribeFrame,
  subscribeFrameSchema,
} from "../contracts/stream.ts";
import type { CloseCode, LiveClient, Transport } from "./client.ts";
import {
  MAX_INBOUND_BYTES,
  MAX_INBOUND_PER_SECOND,
  SOCKET_BUFFER_BYTES,
  SOCKET_IDLE_SECONDS,
  SOCKET_POLL_MS,
} from "./limits.ts";

/** What a socket tells the hub. */
export interface SocketEvents {
  time: TimeSource;
  onOpen: () => void;
  onSubscribe: (frame: SubscribeFrame) => void;
  onPing: () => void;
  /** The connection is no more, or never came to be. Called once. */
  onGone: () => void;
}

// A close frame holds at most 123 bytes of reason.
const MAX_REASON_BYTES = 123;

/**
 * Upgrades a request. It throws if the request is no upgrade.
 *
 * A browser that offers subprotocols fails the connection unless one of them is
 * chosen: the first is, whatever it is called.
 */
export function upgrade(
  request: Request,
): { socket: WebSocket; response: Response } {
  const offered = request.headers.get("sec-websocket-protocol") ?? "";
  const protocol = offered.split(",")[0]!.trim();
  return Deno.upgradeWebSocket(request, {
    idleTimeout: SOCKET_IDLE_SECONDS,
    ...(protocol === "" ? {} : { protocol }),
  });
}

/**
 * Connects a client to a socket, which may be open already.
 *
 * @returns Takes what came before that.
 */
export function serveSocket(
  client: LiveClient,
  socket: WebSocket,
  events: SocketEvents,
): (data: unknown) => void {
  client.attach(createTransport(socket, client, events.time));
  const readInbound = createInbound(client, events);
  socket.addEventListener("message", ({ data }) => readInbound(data));
  let isGone = false;
  const leave = () => {
    client.leave();
    if (!isGone) events.onGone();
    isGone = true;
  };
  socket.addEventListener("close", leave);
  socket.addEventListener("error", (event) => {
    // Unhandled it would be reported as uncaught.
    event.preventDefault();
    // A client that left before the upgrade is told of by this alone; `close` does not follow.
    leave();
  });
  if (socket.readyState === WebSocket.OPEN) events.onOpen();
  else socket.addEventListener("open", events.onOpen);
  return readInbound;
}

function createTransport(
  socket: WebSocket,
  client: LiveClient,
  time: TimeSource,
): Transport {
  let poll: TimeSourceTimer | null = null;
  void client.ended.then(() => poll?.cancel());
  const isOpen = () => socket.readyState === WebSocket.OPEN;
  const close = (reason: string, code: CloseCode) => {
    if (socket.readyState <= WebSocket.OPEN) {
      socket.close(code, cutReason(reason));
    }
  };
  return {
    isReady: () => {
      if (!isOpen()) return false;
      if (socket.bufferedAmount < SOCKET_BUFFER_BYTES) return true;
      poll ??= time.after(SOCKET_POLL_MS, () => {
        poll = null;
        client.flush();
      });
      return false;
    },
    write: (frames) => {
      for (const frame of frames) socket.send(frame.json);
    },
    bufferedBytes: () => socket.bufferedAmount,
    finish: close,
    // Deno cannot cut a socket. The close frame goes behind what is buffered.
    kill: close,
  };
}

function createInbound(
  client: LiveClient,
  events: SocketEvents,
): (data: unknown) => void {
  let windowStart = 0;
  let inWindow = 0;
  return (data) => {
    if (client.mode === "closed") return;
    const now = events.time.nowMs();
    if (now - windowStart >= 1_000) {
      windowStart = now;
      inWindow = 0;
    }
    if (++inWindow > MAX_INBOUND_PER_SECOND) {
      client.close(
        `More than ${MAX_INBOUND_PER_SECOND} messages a second; send fewer`,
        1008,
      );
      return;
    }
    if (typeof data !== "string") {
      client.close("Send JSON text, not binary data", 1008);
      return;
    }
    if (new Blob([data]).size > MAX_INBOUND_BYTES) {
      client.close(
        `The message is larger than ${MAX_INBOUND_BYTES} bytes`,
        1009,
      );
      return;
    }
    readFrame(data, { client, events });
  };
}

function readFrame(
  text: string,
  { client, events }: { client: LiveClient; events: SocketEvents },
): void {
  const value = tryParseJson(text);
  if (isPing(value)) return events.onPing();
  const parsed = subscribeFrameSchema.safeParse(value);
  if (parsed.success) return events.onSubscribe(parsed.data);
  const issue = parsed.error.issues[0]!;
  client.close(
    `Not a subscribe frame, at /${issue.path.join("/")}: ${issue.message}`,
    1008,
  );
}

/** The value of a JSON text, or null for what is none. */
export function tryParseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isPing(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    (value as { type?: unknown }).type === "ping";
}

/** As much of a reason as a close frame holds. */
export function cutReason(reason: string): string {
  const bytes = new TextEncoder().encode(reason).subarray(0, MAX_REASON_BYTES);
  // A character cut in half decodes as a replacement character, which is longer.
  return new TextDecoder().decode(bytes).replace(/\uFFFD+$/, "");
}
