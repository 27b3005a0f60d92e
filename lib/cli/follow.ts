import type { LogEntry } from "../contracts/log.ts";
import type { ApiClient } from "./api_client.ts";
import { CliError, EXIT } from "./errors.ts";
import type { CliIo } from "./io.ts";
import { readServerEvents } from "./sse.ts";

/** Waits between attempts: doubled each time, with jitter. */
const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 30_000;

/** Filters of log lines, as the server and the follower know them. */
export interface LogFilter {
  id: string | null;
  level: string;
  category: string;
  q: string;
}

/** What to follow, and where to write it. */
export interface FollowOptions {
  io: CliIo;
  client: ApiClient;
  filter: LogFilter;
  /** Go on after this event. */
  after: number;
  write(entry: LogEntry): void;
}

/** What is known of the stream across reconnects. */
interface Place {
  /** Last event that was seen; a reconnect goes on after it. */
  seq: number;
  attempts: number;
}

/**
 * Writes new log lines as they come, until Ctrl+C. A broken line is opened
 * again after the last event that was seen, so that no line is lost or doubled.
 */
export async function followLogs(options: FollowOptions): Promise<number> {
  const { io } = options;
  const place: Place = { seq: options.after, attempts: 0 };
  while (!io.interrupt.aborted) {
    let why = "the server closed the stream";
    try {
      // deno-lint-ignore no-await-in-loop -- one connection after the other
      await followOnce(options, place);
    } catch (error) {
      if (io.interrupt.aborted) break;
      if (isFinal(error)) throw error;
      why = error instanceof Error ? error.message : String(error);
    }
    if (io.interrupt.aborted) break;
    const waitMs = backoffMs(place.attempts++, io.random());
    io.stderr(
      `Disconnected: ${why}. Connecting again in ${
        Math.ceil(waitMs / 1_000)
      } s\n`,
    );
    // deno-lint-ignore no-await-in-loop -- one connection after the other
    await io.sleep(waitMs);
  }
  return EXIT.ok;
}

/** A wait before attempt `attempt` (from 0): 1 s doubling to 30 s, half of it by chance. */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** attempt);
  return Math.max(MIN_BACKOFF_MS, full / 2 + random * full / 2);
}

async function followOnce(
  options: FollowOptions,
  place: Place,
): Promise<void> {
  const { io, client, filter } = options;
  const body = await client.openStream({
    topics: filter.id === null ? "logs:all" : `logs:${filter.id}`,
    after: place.seq,
  });
  if (place.attempts > 0) io.stderr("Connected again\n");
  place.attempts = 0;
  for await (const event of readServerEvents(body)) {
    onFrame(options, place, event.data);
  }
}

function onFrame(options: FollowOptions, place: Place, data: string): void {
  const { io, filter, write } = options;
  const frame = parseFrame(data);
  switch (frame.type) {
    case "log.added":
      // A replay after a reconnect may overlap with what was shown.
      if (typeof frame.seq !== "number" || frame.seq <= place.seq) return;
      place.seq = frame.seq;
      if (matches(filter, frame.data as LogEntry)) {
        write(frame.data as LogEntry);
      }
      return;
    case "resync":
      io.stderr(
        `Some lines are missing here: ${
          frame.reason ?? "they are no longer kept"
        }\n`,
      );
      if (typeof frame.seq === "number") place.seq = frame.seq;
      return;
    case "heartbeat":
      if (typeof frame.seq === "number" && frame.seq > place.seq) {
        place.seq = frame.seq;
      }
      return;
    case "closing":
      throw new Error(frame.reason ?? "the server closed the stream");
  }
}

interface LooseFrame {
  type?: unknown;
  seq?: unknown;
  reason?: string;
  data?: unknown;
}

function parseFrame(data: string): LooseFrame {
  try {
    return JSON.parse(data) as LooseFrame;
  } catch {
    throw new Error("the server sent something that is no event");
  }
}

function matches(filter: LogFilter, entry: LogEntry): boolean {
  const { level, category, q } = filter;
  if (level !== "" && !level.split(",").includes(entry.level)) return false;
  if (category !== "" && !category.split(",").includes(entry.category)) {
    return false;
  }
  return entry.message.toLowerCase().includes(q.toLowerCase());
}

/** A refusal stays one; a server that is down or busy may come back. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof CliError)) return false;
  if (error.exitCode === EXIT.unreachable) return false;
  const status = error.problem?.status ?? 0;
  return status < 500 && status !== 429;
}
