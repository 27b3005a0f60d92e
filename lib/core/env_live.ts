/**
 * Variables of the panel's live connection.
 *
 * @module
 */
import { socketAddress } from "./env_network.ts";
import { oneOf, whole } from "./env_read.ts";

/** Read with all others, see `ENV_VARIABLES`. */
export const LIVE_VARIABLES = {
  LIVE_TRANSPORT: {
    preset: "sse",
    help:
      "How pages get their events: sse, or websocket where a proxy holds server-sent events back",
    example: "sse",
    read: oneOf(["sse", "websocket"] as const),
  },
  WEBSOCKET_URL: {
    preset: "",
    help:
      "Another address of this server, where pages open their WebSocket by ticket; needs the origin of the pages in PUBLIC_ORIGINS",
    example: "wss://live.fleet.example",
    read: socketAddress,
  },
  WEBSOCKET_RECONNECT_ATTEMPTS: {
    preset: "5",
    help:
      "Attempts in a row, over either transport, after which a page polls while it goes on trying",
    example: "5",
    read: whole(1, 100),
  },
  WEBSOCKET_RECONNECT_DELAY: {
    preset: "1000",
    help:
      "Milliseconds before the first attempt to reconnect; doubles up to 30 s, half of it random",
    example: "1000",
    read: whole(50, 30_000),
  },
};
