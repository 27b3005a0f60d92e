/** How the panel's pages talk to the server, which gives it to them as data. */
export interface LiveSettings {
  transport: "sse" | "websocket";
  /** Where sockets are opened by ticket; null for the page's own address, by the login. */
  socketUrl: string | null;
  /** Failed attempts in a row after which a page polls. */
  reconnectAttempts: number;
  /** Wait before the first attempt; later ones double it. */
  reconnectDelayMs: number;
  /** How long a request waits for its answer. */
  requestTimeoutMs: number;
}

/** Where the environment says nothing else. */
export const DEFAULT_LIVE_SETTINGS: LiveSettings = {
  transport: "sse",
  socketUrl: null,
  reconnectAttempts: 5,
  reconnectDelayMs: 1_000,
  requestTimeoutMs: 30_000,
};

/** Where a page gets a ticket for a socket at another address. */
export const TICKET_PATH = "/api/socket/ticket";

/** Name of the `meta` element that carries them. */
export const LIVE_SETTINGS_META = "smc-live";

/** Reads what the server wrote; the defaults where a page has nothing. */
export function readLiveSettings(text: string | null): LiveSettings {
  return text === null
    ? DEFAULT_LIVE_SETTINGS
    : { ...DEFAULT_LIVE_SETTINGS, ...JSON.parse(text) as LiveSettings };
}
