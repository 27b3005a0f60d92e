import type { LogEntry, LogLevel } from "../../contracts/log.ts";
import type { ApiClient } from "../api_client.ts";
import {
  type Command,
  type CommandContext,
  resolveAgent,
  textOption,
} from "../command.ts";
import { EXIT, usageError } from "../errors.ts";
import { type Color, paint, plain, UNKNOWN, writeJson } from "../output.ts";
import { followLogs, type LogFilter } from "../follow.ts";
import { sinceOf } from "../since.ts";

const DEFAULT_LINES = 50;

/** Most lines that `--since` fetches; older ones are left out with a message. */
const MAX_LINES = 10_000;

const PAGE_LINES = 200;

const LEVEL_COLORS: Readonly<Record<LogLevel, Color | null>> = {
  debug: "dim",
  info: null,
  trade: "cyan",
  warning: "yellow",
  error: "red",
};

/** `logs`: stored lines, and with `--follow` new ones as they come. */
export const logsCommand: Command = {
  name: "logs",
  usage:
    "[AGENT] [--follow] [--level L,…] [--category C,…] [--query TEXT] [--since T] [--limit N]",
  summary: "Show log lines, oldest first",
  details: [
    "--follow, -f      go on with new lines until Ctrl+C; reconnects by itself",
    "--level L,…       debug info warning error trade",
    "--category C,…    trade decision risk lifecycle market system",
    "--query TEXT      only lines with this text",
    "--since T         from a time (2026-09-01T12:00Z; UTC without a zone) or a span back (90s 10m 2h 1d)",
    `--limit N         how many stored lines (${DEFAULT_LINES})`,
    "--json            a JSON list; one JSON line each with --follow",
  ],
  options: {
    follow: { type: "boolean", short: "f" },
    level: { type: "string" },
    category: { type: "string" },
    query: { type: "string" },
    since: { type: "string" },
    limit: { type: "string" },
  },
  operands: { min: 0, max: 1, what: "agent" },
  run: async (context) => {
    const { io, values, operands } = context;
    const since = sinceOf(context);
    const limit = limitOf(context, since);
    const client = await context.client();
    const filter: LogFilter = {
      id: operands[0] === undefined
        ? null
        : (await resolveAgent(client, operands[0])).id,
      level: textOption(values, "level") ?? "",
      category: textOption(values, "category") ?? "",
      q: textOption(values, "query") ?? "",
    };
    const { entries, streamSeq } = await fetchLines(context, {
      client,
      filter,
      limit,
      since,
    });
    if (values["follow"] !== true) {
      if (context.isJson) writeJson(io, entries);
      else for (const entry of entries) writeLine(context, entry);
      if (entries.length === 0) io.stderr("No log line matches\n");
      return EXIT.ok;
    }
    const write = (entry: LogEntry) =>
      context.isJson
        ? io.stdout(`${JSON.stringify(entry)}\n`)
        : writeLine(context, entry);
    entries.forEach(write);
    // A line may have come between the look at the stream and the list.
    const after = Math.max(streamSeq, entries.at(-1)?.seq ?? 0);
    return followLogs({ io, client, filter, after, write });
  },
};

/** Fetches stored lines, oldest first, and where the stream stood before. */
async function fetchLines(
  { io }: CommandContext,
  options: {
    client: ApiClient;
    filter: LogFilter;
    limit: number;
    since: number | null;
  },
): Promise<{ entries: LogEntry[]; streamSeq: number }> {
  const { client, filter, limit, since } = options;
  const { id, ...query } = filter;
  const newestFirst: LogEntry[] = [];
  let streamSeq: number | null = null;
  let cursor: string | null = "";
  while (cursor !== null && newestFirst.length < limit) {
    const count = Math.min(PAGE_LINES, limit - newestFirst.length);
    // deno-lint-ignore no-await-in-loop -- a page is found by the one before
    const page = await client.logs(id, {
      ...query,
      limit: String(count),
      cursor,
    });
    streamSeq ??= page.streamSeq;
    const wanted = page.items.filter((entry) =>
      since === null || entry.at >= since
    );
    newestFirst.push(...wanted);
    cursor = wanted.length < page.items.length ? null : page.nextCursor;
  }
  if (since !== null && cursor !== null) {
    io.stderr(
      `Only the newest ${limit} lines are shown; give a later --since or a larger --limit\n`,
    );
  }
  return { entries: newestFirst.toReversed(), streamSeq: streamSeq ?? 0 };
}

function writeLine({ io }: CommandContext, entry: LogEntry): void {
  const time = new Date(entry.at).toISOString();
  const agent = plain(entry.agentName ?? UNKNOWN);
  const message = plain(entry.message);
  if (!io.isTerminal) {
    io.stdout(
      `${[time, entry.level, entry.category, agent, message].join("\t")}\n`,
    );
    return;
  }
  const level = paint(io, entry.level.padEnd(7), LEVEL_COLORS[entry.level]);
  io.stdout(
    `${paint(io, time.slice(0, 23).replace("T", " "), "dim")}  ${level}  ${
      entry.category.padEnd(9)
    }  ${agent}  ${message}\n`,
  );
}

function limitOf({ values }: CommandContext, since: number | null): number {
  const text = textOption(values, "limit");
  if (text === undefined) return since === null ? DEFAULT_LINES : MAX_LINES;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LINES) return limit;
  throw usageError(
    `--limit is "${text}"; give a whole number from 1 to ${MAX_LINES}`,
  );
}
