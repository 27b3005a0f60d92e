import type { LogEntry, LogQuery } from "../contracts/log.ts";
import type { Page } from "../fleet/port.ts";
import { csvCell } from "./csv.ts";
import { EXPORT_PAGE_LINES } from "./limits.ts";

/** File formats of an export. */
export type ExportFormat = "ndjson" | "csv" | "json";

/** What to export, and from where. */
export interface ExportOptions {
  format: ExportFormat;
  query: Omit<LogQuery, "limit" | "cursor">;
  logs: (query: LogQuery) => Promise<Page<LogEntry>>;
  /** For the name of the file. */
  now: number;
}

/** How a format begins, goes on and ends. */
interface Writer {
  contentType: string;
  head: string;
  line(entry: LogEntry, isFirst: boolean): string;
  tail: string;
}

const CSV_COLUMNS = [
  "seq",
  "at",
  "marketAt",
  "level",
  "category",
  "agentId",
  "agentName",
  "message",
  "data",
] as const;

const WRITERS: Readonly<Record<ExportFormat, Writer>> = {
  ndjson: {
    contentType: "application/x-ndjson; charset=utf-8",
    head: "",
    line: (entry) => `${JSON.stringify(entry)}\n`,
    tail: "",
  },
  csv: {
    contentType: "text/csv; charset=utf-8",
    head: `${CSV_COLUMNS.join(",")}\r\n`,
    line: (entry) => `${csvLine(entry)}\r\n`,
    tail: "",
  },
  json: {
    contentType: "application/json; charset=utf-8",
    head: "[",
    line: (entry, isFirst) =>
      `${isFirst ? "\n" : ",\n"}${JSON.stringify(entry)}`,
    tail: "\n]\n",
  },
};

/**
 * Streams matching log lines, newest first. The first page is read at once, so
 * that a store that fails gives a proper problem; one that fails later breaks
 * the download off instead of ending it as if it were complete.
 */
export async function exportLogs(options: ExportOptions): Promise<Response> {
  const writer = WRITERS[options.format];
  const first = await readPage(options, null);
  const body = ReadableStream.from(writePages(first, options))
    .pipeThrough(new TextEncoderStream());
  const day = new Date(options.now).toISOString().slice(0, 10);
  return new Response(body, {
    headers: {
      "Content-Type": writer.contentType,
      "Content-Disposition":
        `attachment; filename="smc-fleet-logs-${day}.${options.format}"`,
    },
  });
}

async function* writePages(
  first: Page<LogEntry>,
  options: ExportOptions,
): AsyncGenerator<string> {
  const writer = WRITERS[options.format];
  let page: Page<LogEntry> | null = first;
  let isFirst = true;
  if (writer.head !== "") yield writer.head;
  while (page !== null) {
    for (const entry of page.items) {
      yield writer.line(entry, isFirst);
      isFirst = false;
    }
    const cursor: string | null = page.nextCursor;
    // deno-lint-ignore no-await-in-loop -- a page is read only when the client has taken the one before
    page = cursor === null ? null : await readPage(options, cursor);
  }
  if (writer.tail !== "") yield writer.tail;
}

function readPage(
  { query, logs }: ExportOptions,
  cursor: string | null,
): Promise<Page<LogEntry>> {
  return logs({
    ...query,
    limit: EXPORT_PAGE_LINES,
    ...(cursor === null ? {} : { cursor }),
  });
}

function csvLine(entry: LogEntry): string {
  const cells: Record<(typeof CSV_COLUMNS)[number], string> = {
    seq: String(entry.seq),
    at: new Date(entry.at).toISOString(),
    marketAt: entry.marketAt === null
      ? ""
      : new Date(entry.marketAt).toISOString(),
    level: entry.level,
    category: entry.category,
    agentId: entry.agentId ?? "",
    agentName: entry.agentName ?? "",
    message: entry.message,
    data: entry.data === undefined ? "" : JSON.stringify(entry.data),
  };
  return CSV_COLUMNS.map((column) => csvCell(cells[column])).join(",");
}
