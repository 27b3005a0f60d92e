import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import type { LiveClient } from "./client.ts";
import { type Frame, toControlFrame } from "./frames/frames.ts";
import {
  ALLOWED_CHECK_MS,
  MAX_CLIENT_BYTES,
  STUCK_MS,
  WATCHDOG_MS,
} from "./limits.ts";

interface WatchdogOptions {
  time: TimeSource;
  heartbeatMs: number;
  clients: ReadonlySet<LiveClient>;
  /** Called for each client that was closed because it was too slow. */
  onDropped: () => void;
}

/** Starts heartbeats, the check for clients that do not read, and the check of their right to listen. */
export function startWatchdogs(options: WatchdogOptions): TimeSourceTimer {
  const { time, clients } = options;
  const timers = [
    time.every(options.heartbeatMs, () => sendHeartbeats(options)),
    time.every(WATCHDOG_MS, () => closeSlow(options)),
    time.every(WATCHDOG_MS, createAllowedCheck(clients)),
  ];
  return {
    cancel: () => {
      for (const timer of timers) timer.cancel();
    },
  };
}

/**
 * Looks at another part of the clients each time, so that each is looked at
 * every `ALLOWED_CHECK_MS`: a thousand signatures checked at once would hold up
 * every event.
 */
function createAllowedCheck(clients: ReadonlySet<LiveClient>): () => void {
  const parts = ALLOWED_CHECK_MS / WATCHDOG_MS;
  let part = 0;
  return () => {
    part = (part + 1) % parts;
    for (const client of clients) {
      if (client.number % parts === part) void checkAllowed(client);
    }
  };
}

function sendHeartbeats({ time, clients }: WatchdogOptions): void {
  const at = new Date(time.nowMs()).toISOString();
  // Nearly all clients are at the same place, and so get the same frame.
  const frames = new Map<number, Frame>();
  for (const client of clients) {
    if (client.mode === "waiting") continue;
    const { cursor: seq } = client;
    const frame = frames.get(seq) ??
      toControlFrame({ v: 1, type: "heartbeat", seq, at });
    frames.set(seq, frame);
    client.control(frame);
  }
}

function closeSlow({ time, clients, onDropped }: WatchdogOptions): void {
  const now = time.nowMs();
  for (const client of clients) {
    const { stuckSince } = client;
    const isStuck = stuckSince !== null && now - stuckSince >= STUCK_MS;
    if (!isStuck && client.queuedBytes <= MAX_CLIENT_BYTES) continue;
    onDropped();
    client.close(
      isStuck
        ? `Nothing was read for ${STUCK_MS / 1_000} s; connect again to resume`
        : "Too much was waiting to be read; connect again to resume",
      1013,
    );
  }
}

/** Ends a stream that is allowed no longer. A check that fails says nothing about the right to listen, unless it fails again. */
export async function checkAllowed(client: LiveClient): Promise<void> {
  try {
    const isAllowed = await client.isStillAllowed();
    client.failedChecks = 0;
    if (!isAllowed) client.close("The login has ended; log in again", 4401);
  } catch {
    client.failedChecks++;
    if (client.failedChecks >= 2) {
      client.close("The login could not be checked; connect again", 4401);
    }
  }
}
