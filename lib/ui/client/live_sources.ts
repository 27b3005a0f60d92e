/**
 * The two ways by which events reach a page, alike for the stream client: both
 * go on after a place, so that neither loses nor repeats anything.
 *
 * @module
 */
import type { LiveSettings } from "../../contracts/live_settings.ts";
import type {
  ControlFrame,
  StreamType,
  SubscribeFrame,
  TicketFrame,
} from "../../contracts/stream.ts";
import { keysOf } from "../words.ts";
import { debugLogger } from "./debug.ts";
import type { EventSourceLike } from "./stream_parts.ts";

// The server may name its events; every frame says in its data what it is.
const FRAME_NAMES: readonly string[] = keysOf(
  {
    "agent.updated": true,
    "agent.removed": true,
    "market.updated": true,
    "log.added": true,
    "trade.closed": true,
    "system.event": true,
    "backtest.updated": true,
    "backtest.removed": true,
    hello: true,
    heartbeat: true,
    resync: true,
    closing: true,
  } satisfies Record<StreamType | ControlFrame["type"], true>,
);

/** How pages connect, and where a ticket for another address comes from. */
export interface SourceOptions
  extends Pick<LiveSettings, "transport" | "socketUrl"> {
  ticket: () => Promise<string>;
}

/** Opens connections over the transport that the server names. */
export function sourceOpener(
  { transport, socketUrl, ticket }: SourceOptions,
): (query: string) => EventSourceLike {
  if (transport === "sse") return openEventSource;
  return socketUrl === null
    ? openSocket
    : (query) => openSocketByTicket(socketUrl, { query, ticket });
}

function openEventSource(query: string): EventSourceLike {
  const source = new EventSource(`/api/stream?${query}`);
  const like = sourceOf(() => source.close());
  const onFrame = (event: MessageEvent) =>
    like.onmessage?.({ data: String(event.data) });
  source.onmessage = onFrame;
  for (const name of FRAME_NAMES) source.addEventListener(name, onFrame);
  source.onerror = () => like.onerror?.();
  return like;
}

/** At the page's own address: the login travels by itself. */
function openSocket(query: string): EventSourceLike {
  const url = new URL(`/api/socket?${query}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const like = sourceOf(() => socket.close());
  // The server would wait for this a while before it takes the topics of the URL.
  const socket = connect(url.href, { like, hello: [subscribeFrame(query)] });
  return like;
}

/**
 * At another address, where no cookie goes: the first frame says whose socket
 * it is. Nothing of that is in the address, which proxies write down.
 */
function openSocketByTicket(
  url: string,
  { query, ticket }: { query: string; ticket: () => Promise<string> },
): EventSourceLike {
  let socket: WebSocket | null = null;
  let isClosed = false;
  const like = sourceOf(() => {
    isClosed = true;
    socket?.close();
  });
  ticket().then((given) => {
    if (isClosed) return;
    const first: TicketFrame = { type: "ticket", ticket: given };
    socket = connect(url, { like, hello: [first, subscribeFrame(query)] });
  }).catch(() => like.onerror?.());
  return like;
}

function sourceOf(close: () => void): EventSourceLike {
  return { onmessage: null, onerror: null, close };
}

/** Opens a socket that says something first. */
function connect(
  url: string,
  { like, hello }: {
    like: EventSourceLike;
    hello: readonly (SubscribeFrame | TicketFrame)[];
  },
): WebSocket {
  const debug = debugLogger("smc:ws");
  debug("open", url);
  const socket = new WebSocket(url);
  socket.onopen = () => {
    for (const frame of hello) socket.send(JSON.stringify(frame));
  };
  socket.onmessage = ({ data }) => {
    debug("frame", data);
    like.onmessage?.({ data: String(data) });
  };
  // An error is always followed by this, which says more.
  socket.onclose = ({ code, reason }) => {
    debug("closed", code, reason);
    like.onerror?.();
  };
  return socket;
}

function subscribeFrame(query: string): SubscribeFrame {
  const wanted = new URLSearchParams(query);
  return {
    type: "subscribe",
    topics: (wanted.get("topics") ?? "").split(",").filter(Boolean),
    after: Number(wanted.get("after")),
  };
}
