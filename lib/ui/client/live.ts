/**
 * The page's live connection as signals: islands of one page share this module,
 * and with it one stream. Only effects call it, so the server never does.
 *
 * @module
 */
import { signal } from "@preact/signals";
import {
  LIVE_SETTINGS_META,
  type LiveSettings,
  readLiveSettings,
  TICKET_PATH,
} from "../../contracts/live_settings.ts";
import type { StreamEnvelope } from "../../contracts/stream.ts";
import { createApiClient, isSignedOut } from "./api_client.ts";
import { renewForms } from "./form_token.ts";
import { payAttention } from "./attention.ts";
import { debugLogger } from "./debug.ts";
import { noteAnswer, noteSilence, reach, reachRefusal } from "./reach.ts";
import { noteUse } from "./session.ts";
import {
  type ConnectionState,
  type RefreshReason,
  StreamClient,
} from "./stream_client.ts";
import { sourceOpener } from "./live_sources.ts";
import { schedule } from "./schedule.ts";

/** What the connection chip shows. */
export const connection = signal<ConnectionState>({ kind: "connecting" });
/** When the page's values were last known to be true. */
export const freshAt = signal<number | null>(null);

/** The API as the islands of this page use it. */
export const api = createApiClient({
  fetch: async (url, init) => {
    const response = await fetchLoudly(url, init);
    // A page that reconnects by itself keeps nobody logged in.
    if (response.ok && url !== TICKET_PATH) noteUse(Date.now());
    return response;
  },
  timeoutMs: () => pageSettings().requestTimeoutMs,
  onFormToken: renewForms,
  onSignedOut: () => client?.signOut(),
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

/** Tries to reconnect at once; where the login has ended, by the one that there may be by now. */
export function reconnectNow(): void {
  if (connection.peek().kind === "signedOut") void comeBack();
  else client?.retryNow();
}

/** Goes on where the page was, once somebody has logged in again in another tab. */
async function comeBack(): Promise<void> {
  let email: string;
  try {
    email = (await api.stayLoggedIn()).user.email;
  } catch {
    // There is no other login yet.
    return;
  }
  // The page is painted for one person, with what that one may do.
  const painted = document.querySelector<HTMLElement>("[data-user]");
  if (painted !== null && painted.dataset.user !== email) location.reload();
  else client?.start();
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
      // A page without a live connection knows by its own requests alone.
      return client === null ? reachRefusal(reach.value) : null;
  }
}

/** By the second, as it is shown: thousands of events a second must not repaint as often. */
function markFresh(): void {
  const now = Date.now();
  if (Math.trunc(now / 1_000) !== Math.trunc((freshAt.peek() ?? 0) / 1_000)) {
    freshAt.value = now;
  }
}

function openClient(headSeq: number, topics: readonly string[]): StreamClient {
  const debug = debugLogger("smc:stream");
  const settings = pageSettings();
  const opened = new StreamClient({
    ...settings,
    headSeq,
    // What concerns the whole platform concerns every page.
    topics: [...topics, "system:event"],
    open: sourceOpener({
      ...settings,
      ticket: async () => (await api.socketTicket()).ticket,
    }),
    clock: {
      now: () => Date.now(),
      schedule,
    },
    random: () => Math.random(),
    refresh: refreshAll,
    onEvent: (event) => {
      markFresh();
      debug("event", event.type, event.seq);
      for (const listener of listeners) listener(event);
      for (const { onEvent } of observers) onEvent(event);
    },
    onState: (state) => {
      debug("state", state);
      connection.value = state;
      // A stream that ends does not say whether the login has: the API does.
      if (state.kind === "reconnecting") {
        void api.stayLoggedIn().catch(() => {});
      }
    },
    debug,
  });
  opened.start();
  endAttention = attend();
  comeAndGoWithPage(opened);
  return opened;
}

/** Looks whether somebody looks. The answer ends that. */
function attend(): () => void {
  return payAttention({
    isLookedAt: () => document.visibilityState === "visible",
    onLook: (callback) => {
      document.addEventListener("visibilitychange", callback);
      return () => document.removeEventListener("visibilitychange", callback);
    },
    schedule,
    now: () => Date.now(),
    say: () => api.stayLoggedIn(),
  });
}

/** Follows what the browser tells of the page and the network. */
function comeAndGoWithPage(opened: StreamClient): void {
  addEventListener("online", () => opened.retryNow());
  document.addEventListener("visibilitychange", () => {
    const isBack = document.visibilityState === "visible";
    if (isBack && connection.peek().kind === "signedOut") void comeBack();
  });
  // A page that comes back from the back-forward cache goes on where it was.
  addEventListener("pagehide", () => opened.stop());
  addEventListener("pageshow", (event) => {
    if (event.persisted) opened.start();
  });
}

/** What the server says of how to talk to it, as data in the page. */
function pageSettings(): LiveSettings {
  const meta = document.querySelector<HTMLMetaElement>(
    `meta[name="${LIVE_SETTINGS_META}"]`,
  );
  return readLiveSettings(meta?.content ?? null);
}

/** A request, told in the console where `localStorage.debug` asks for `smc:api`. */
async function fetchLoudly(url: string, init: RequestInit): Promise<Response> {
  const debug = debugLogger("smc:api");
  const method = init.method ?? "GET";
  const begun = performance.now();
  try {
    const response = await globalThis.fetch(url, init);
    noteAnswer(response);
    debug(method, url, response.status, {
      ms: Math.round(performance.now() - begun),
      requestId: response.headers.get("x-request-id"),
    });
    return response;
  } catch (error) {
    debug(method, url, "no answer", error);
    noteSilence();
    throw error;
  }
}
