/**
 * The filter of a log view. It lives in the URL under the names of the API, so
 * that a link, the export and a reload mean the same lines.
 *
 * @module
 */
import type { LogEntry, LogQuery } from "../../contracts/log.ts";
import {
  isInRange,
  type LogCategory,
  type LogLevel,
  readLogTime,
} from "../../contracts/log_terms.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { CATEGORY_WORDS, keysOf, LEVEL_WORDS } from "../words.ts";

/** What a log view shows. Empty = everything. */
export interface LogFilter {
  levels: readonly LogLevel[];
  categories: readonly LogCategory[];
  agentId: string | null;
  text: string;
  /** Times of the first and the last line, both inside; null = open. */
  from: EpochMs | null;
  to: EpochMs | null;
}

/** A filter that lets everything through. */
export const NO_FILTER: LogFilter = {
  levels: [],
  categories: [],
  agentId: null,
  text: "",
  from: null,
  to: null,
};

/** Choices of the level field: severities from each one up, and trades alone. */
export const LEVEL_CHOICES: readonly { value: string; label: string }[] = [
  { value: "", label: "All levels" },
  { value: "info,trade,warning,error", label: "Info and above" },
  { value: "warning,error", label: "Warning and above" },
  { value: "error", label: "Errors" },
  { value: "trade", label: "Trades" },
  { value: "debug", label: "Debug only" },
];

const LEVELS: readonly string[] = keysOf(LEVEL_WORDS);
const CATEGORIES: readonly string[] = keysOf(CATEGORY_WORDS);

/** Reads a filter from a query; values that do not exist are left out. */
export function readFilter(query: URLSearchParams): LogFilter {
  const list = (name: string) =>
    (query.get(name) ?? "").split(",").filter(Boolean);
  return {
    levels: list("level").filter((value): value is LogLevel =>
      LEVELS.includes(value)
    ),
    categories: list("category").filter((value): value is LogCategory =>
      CATEGORIES.includes(value)
    ),
    agentId: query.get("agentId") || null,
    text: query.get("q") ?? "",
    from: readLogTime(query.get("from") ?? ""),
    to: readLogTime(query.get("to") ?? ""),
  };
}

/** Writes a filter as the API's query. */
export function toQuery(filter: LogFilter): URLSearchParams {
  const query = new URLSearchParams();
  if (filter.levels.length > 0) query.set("level", filter.levels.join(","));
  if (filter.categories.length > 0) {
    query.set("category", filter.categories.join(","));
  }
  if (filter.agentId !== null) query.set("agentId", filter.agentId);
  if (filter.text.trim() !== "") query.set("q", filter.text.trim());
  if (filter.from !== null) query.set("from", isoOf(filter.from));
  if (filter.to !== null) query.set("to", isoOf(filter.to));
  return query;
}

/** Tells whether a line that came over the stream belongs to the view. */
export function passes(entry: LogEntry, filter: LogFilter): boolean {
  const { levels, categories, agentId, text } = filter;
  if (levels.length > 0 && !levels.includes(entry.level)) return false;
  if (categories.length > 0 && !categories.includes(entry.category)) {
    return false;
  }
  if (agentId !== null && entry.agentId !== agentId) return false;
  const wanted = text.trim().toLowerCase();
  return isInRange(entry.at, filter) &&
    entry.message.toLowerCase().includes(wanted);
}

/** A filter as the services take it, for the page that the server paints. */
export function toLogQuery(filter: LogFilter): Omit<LogQuery, "limit"> {
  const { levels, categories, agentId, text, from, to } = filter;
  return {
    level: levels.length === 0 ? undefined : levels,
    category: categories.length === 0 ? undefined : categories,
    ...(agentId === null ? {} : { agentId }),
    ...(text.trim() === "" ? {} : { q: text.trim().slice(0, 200) }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
}

function isoOf(at: EpochMs): string {
  return new Date(at).toISOString();
}
