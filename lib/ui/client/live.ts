/**
 * The page's live connection as signals: islands of one page share this module,
 * and with it one stream. Only effects call it, so the server never does.
 *
 * @module
 */
import { signal } from "@preact/signals";
import type {
  ControlFrame,
  StreamEnvelope,
  StreamType,
} from "../../contracts/stream.ts";
import { createApiClient, isSignedOut } from "./api_client.ts";
import { renewForms } from "./form_token.ts";
import { payAttention } from "./attention.ts";
import { debugLogger } from "./debug.ts";
import { noteUse } from "./session.ts";
import {
  type ConnectionState,
  type EventSourceLike,
  type RefreshReason,
  StreamClient,
} from "./stream_client.ts";
import { keysOf } from "../words.ts";

/** What the connection chip shows. */
export const connection = signal<ConnectionState>({ kind: "connecting" });
/** When the page's values were last known to be true. */
export const freshAt = signal<number | null>(null);

/** The API as the islands of this page use it. */
export const api = createApiClient({
  fetch: async (url, init) => {
    const response = await globalThis.fetch(url, init);
    if (response.ok) noteUse(Date.now());
    return response;
  },
  onFormToken: renewForms,
});

type Listener = (event: StreamEnvelope) => void;
type Refresher = (reason: RefreshReason) => Promise<void>;

const listeners = new Set<Listener>();
const refreshers = new Set<Refresher>();
/** Parts of every page, which listen along wherever somebody else has opened the connection. */
const observers = new Set<LiveObserver>();
let client: StreamClient | null = null;
let endAttention = () => {};

/** What an island wants of the live connection. */
export interface LiveOptions {
  headSeq: number;
  topics: readonly string[];
  onEvent: Listener;
  /** Fetches the island's state anew; rejects when the server does not answer. */
  refresh: Refresher;
}

/** What a part of every page wants of a live connection that others opened. */
export type LiveObserver = Pick<LiveOptions, "onEvent" | "refresh">;

/** Listens along while the page has a live connection. The answer ends that. */
export function overhearLive(observer: LiveObserver): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** Joins the page's live connection, which the first island opens. The answer leaves it. */
export function joinLive(
  { headSeq, topics, onEvent, refresh }: LiveOptions,
): () => void {
  listeners.add(onEvent);
  refreshers.add(refresh);
  client ??= openClient(headSeq, topics);
  return () => {
    listeners.delete(onEvent);
    refreshers.delete(refresh);
    if (listeners.size > 0) return;
    client?.stop();
    client = null;
    endAttention();
  };
}

/** Tries to reconnect at once. */
export function reconnectNow(): void {
  client?.retryNow();
}

/** Fetches everything anew, for the refresh button and the refresh interval. */
export async function refreshAll(
  reason: RefreshReason = "manual",
): Promise<"ok" | "signedOut"> {
  try {
    await Promise.all([
      ...[...refreshers].map((refresh) => refresh(reason)),
      ...[...observers].map(({ refresh }) => refresh(reason)),
    ]);
  } catch (error) {
    if (isSignedOut(error)) return "signedOut";
    throw error;
  }
  freshAt.value = Date.now();
  return "ok";
}

/** Whether values on the page may be out of date. */
export function isStale(state: ConnectionState): boolean {
  return state.kind !== "live" && state.kind !== "connecting" &&
    state.kind !== "polling";
}

/** Why no command can be sent now, or null. */
export function offlineReason(): string | null {
  switch (connection.value.kind) {
    case "offline":
      return "The server does not answer";
    case "signedOut":
      return "Log in again first";
    default:
      return null;
  }
}

function openClient(headSeq: number, topics: readonly string[]): StreamClient {
  const debug = debugLogger("smc:stream");
  const opened = new StreamClient({
    headSeq,
    // What concerns the whole platform concerns every page.
    topics: [...topics, "system:event"],
    open: openSource,
    clock: {
      now: () => Date.now(),
      schedule: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
    random: () => Math.random(),
    refresh: refreshAll,
    onEvent: (event) => {
      freshAt.value = Date.now();
      debug("event", event.type, event.seq);
      for (const listener of listeners) listener(event);
      for (const { onEvent } of observers) onEvent(event);
    },
    onState: (state) => {
      debug("state", state);
      connection.value = state;
    },
    debug,
  });
  opened.start();
  endAttention = payAttention({
    isLookedAt: () => document.visibilityState === "visible",
    onLook: (callback) => {
      document.addEventListener("visibilitychange", callback);
      return () => document.removeEventListener("visibilitychange", callback);
    },
    schedule: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    now: () => Date.now(),
    say: () => api.stayLoggedIn(),
  });
  addEventListener("online", () => opened.retryNow());
  // A page that comes back from the back-forward cache goes on where it was.
  addEventListener("pagehide", () => opened.stop());
  addEventListener("pageshow", (event) => {
    if (event.persisted) opened.start();
  });
  return opened;
}

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

function openSource(url: string): EventSourceLike {
  const source = new EventSource(url);
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
