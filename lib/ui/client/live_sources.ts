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
} from "../../contracts/stream.ts";
import { keysOf } from "../words.ts";
import { debugLogger } from "./debug.ts";
import type { EventSourceLike } from "./stream_client.ts";

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

/** Opens connections over the transport that the server names. */
export function sourceOpener(
  transport: LiveSettings["transport"],
): (query: string) => EventSourceLike {
  return transport === "websocket" ? openSocket : openEventSource;
}

function openEventSource(query: string): EventSourceLike {
  const source = new EventSource(`/api/stream?${query}`);
  const like: EventSourceLike = {
    onmessage: null,
    onerror: null,
    close: () => source.close(),
  };
  const onFrame = (event: MessageEvent) =>
    like.onmessage?.({ data: String(event.data) });
  source.onmessage = onFrame;
  for (const name of FRAME_NAMES) source.addEventListener(name, onFrame);
  source.onerror = () => like.onerror?.();
  return like;
}

function openSocket(query: string): EventSourceLike {
  const debug = debugLogger("smc:ws");
  const url = new URL(`/api/socket?${query}`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  debug("open", url.href);
  const socket = new WebSocket(url);
  const like: EventSourceLike = {
    onmessage: null,
    onerror: null,
    close: () => socket.close(),
  };
  // The server would wait for this a while before it takes the topics of the URL.
  socket.onopen = () => socket.send(JSON.stringify(subscribeFrame(query)));
  socket.onmessage = ({ data }) => {
    debug("frame", data);
    like.onmessage?.({ data: String(data) });
  };
  // An error is always followed by this, which says more.
  socket.onclose = ({ code, reason }) => {
    debug("closed", code, reason);
    like.onerror?.();
  };
  return like;
}

function subscribeFrame(query: string): SubscribeFrame {
  const wanted = new URLSearchParams(query);
  return {
    type: "subscribe",
    topics: (wanted.get("topics") ?? "").split(",").filter(Boolean),
    after: Number(wanted.get("after")),
  };
}
