/**
 * The filter of a log view. It lives in the URL under the names of the API, so
 * that a link, the export and a reload mean the same lines.
 *
 * @module
 */
import type { LogCategory, LogEntry, LogLevel } from "../../contracts/log.ts";
import { CATEGORY_WORDS, keysOf, LEVEL_WORDS } from "../words.ts";

/** What a log view shows. Empty = everything. */
export interface LogFilter {
  levels: readonly LogLevel[];
  categories: readonly LogCategory[];
  agentId: string | null;
  text: string;
}

/** A filter that lets everything through. */
export const NO_FILTER: LogFilter = {
  levels: [],
  categories: [],
  agentId: null,
  text: "",
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
  return wanted === "" || entry.message.toLowerCase().includes(wanted) ||
    (entry.agentName ?? "").toLowerCase().includes(wanted);
}
