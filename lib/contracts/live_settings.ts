/** How the panel's pages keep their live connection; the server gives it to them as data. */
export interface LiveSettings {
  transport: "sse" | "websocket";
  /** Failed attempts in a row after which a page polls. */
  reconnectAttempts: number;
  /** Wait before the first attempt; later ones double it. */
  reconnectDelayMs: number;
}

/** Where the environment says nothing else. */
export const DEFAULT_LIVE_SETTINGS: LiveSettings = {
  transport: "sse",
  reconnectAttempts: 5,
  reconnectDelayMs: 1_000,
};

/** Name of the `meta` element that carries them. */
export const LIVE_SETTINGS_META = "smc-live";

/** Reads what the server wrote; the defaults where a page has nothing. */
export function readLiveSettings(text: string | null): LiveSettings {
  return text === null
    ? DEFAULT_LIVE_SETTINGS
    : { ...DEFAULT_LIVE_SETTINGS, ...JSON.parse(text) as LiveSettings };
}
