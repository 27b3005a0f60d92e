/**
 * What was told on this page and on those before it: messages that went by, and
 * events of the whole platform. Kept in the browser's tab, never on the server.
 *
 * @module
 */
import { signal } from "@preact/signals";
import type { SystemEvent } from "../../contracts/stream.ts";

/** Something that was told. */
export interface Notice {
  /** Epoch milliseconds. */
  at: number;
  tone: "ok" | "warn" | "danger" | "info";
  text: string;
  detail: string | null;
}

/** What is kept of them. */
interface KeptNotices {
  items: readonly Notice[];
  unread: number;
}

/** The oldest goes first. */
const MAX_NOTICES = 100;
const KEY = "smc.notices";

/** Newest first. On the server it stays empty. */
export const notices = signal<KeptNotices>({ items: [], unread: 0 });

let isLoaded = false;

/** Takes over what the pages before have told. */
export function loadNotices(): void {
  if (isLoaded) return;
  isLoaded = true;
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (Array.isArray(kept?.items)) {
      const { items, unread } = notices.value;
      notices.value = {
        items: [...items, ...kept.items].slice(0, MAX_NOTICES),
        unread: unread + Number(kept.unread ?? 0),
      };
    }
  } catch {
    // A tab without storage remembers nothing; this page still does.
  }
}

/** Keeps something that was told. */
export function addNotice(notice: Notice): void {
  loadNotices();
  const { items, unread } = notices.value;
  keep({
    items: [notice, ...items].slice(0, MAX_NOTICES),
    unread: Math.min(unread + 1, MAX_NOTICES),
  });
}

/** Keeps an event of the platform; what merely goes its way is no news. */
export function addSystemEvent(
  { severity, agentName, message }: SystemEvent,
  at: number,
): void {
  if (severity === "info") return;
  addNotice({
    at,
    tone: severity === "error" ? "danger" : "warn",
    text: agentName === null ? message : `${agentName}: ${message}`,
    detail: null,
  });
}

/** Somebody has looked. */
export function markRead(): void {
  keep({ ...notices.value, unread: 0 });
}

/** Forgets all of them. */
export function clearNotices(): void {
  keep({ items: [], unread: 0 });
}

function keep(next: KeptNotices): void {
  notices.value = next;
  try {
    sessionStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // As above.
  }
}
