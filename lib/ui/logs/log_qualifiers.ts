/**
 * Qualifiers in the text field of a log view, such as
 * `level:warning+ category:risk agent:btc-ob-15m from:2026-09-01T12:00 stop`.
 * They become the filter's own fields, so the URL and the export know them.
 *
 * @module
 */
import {
  LOG_CATEGORIES,
  LOG_LEVELS,
  LOG_SEVERITY,
  type LogCategory,
  type LogLevel,
  readLogTime,
} from "../../contracts/log_terms.ts";
import type { LogFilter } from "./log_filter.ts";

/** An agent that lines can be filtered by. */
export interface LogAgent {
  id: string;
  name: string;
}

/** Names that can stand before a colon. */
export const LOG_QUALIFIERS = [
  "level",
  "category",
  "agent",
  "text",
  "from",
  "to",
] as const;

const TOKENS = /(?:[^\s"]|"[^"]*"?)+/g;
const BEGIN = new RegExp(`^(?:${LOG_QUALIFIERS.join("|")}):`, "i");

/** Whether a text has a qualifier, which may still be in the making. */
export function hasQualifier(text: string): boolean {
  return (text.match(TOKENS) ?? []).some((token) => BEGIN.test(token));
}

/**
 * Moves the qualifiers of the text into their fields. One whose value does not
 * exist stays in the text, where it is seen.
 *
 * @param agents Known by name; none on the page of one agent, whose lines they are anyway.
 */
export function absorbQualifiers(
  filter: LogFilter,
  agents: readonly LogAgent[],
): LogFilter {
  if (!hasQualifier(filter.text)) return filter;
  let changed: LogFilter = filter;
  const rest: string[] = [];
  for (const token of filter.text.match(TOKENS) ?? []) {
    const change = BEGIN.test(token) ? readToken(token, agents) : null;
    if (change === null) rest.push(token);
    else if (change.text === undefined) changed = { ...changed, ...change };
    else rest.push(change.text);
  }
  return { ...changed, text: rest.join(" ") };
}

function readToken(
  token: string,
  agents: readonly LogAgent[],
): Partial<LogFilter> | null {
  const colon = token.indexOf(":");
  const value = token.slice(colon + 1).replaceAll('"', "");
  if (value === "") return null;
  switch (token.slice(0, colon).toLowerCase()) {
    case "level": {
      const levels = readLevels(value.toLowerCase());
      return levels === null ? null : { levels };
    }
    case "category": {
      const categories = value.toLowerCase().split(",");
      return isAll<LogCategory>(categories, LOG_CATEGORIES)
        ? { categories }
        : null;
    }
    case "agent": {
      const agent = agents.find(({ id, name }) =>
        id === value || name.toLowerCase() === value.toLowerCase()
      );
      return agent === undefined ? null : { agentId: agent.id };
    }
    case "text":
      return { text: value };
    case "from":
    case "to": {
      const at = readLogTime(value);
      const name = token.slice(0, colon).toLowerCase();
      return at === null ? null : { [name]: at };
    }
    default:
      return null;
  }
}

/** Levels with commas between, or one with a plus: that one and what is worse. */
function readLevels(value: string): readonly LogLevel[] | null {
  const least = value.endsWith("+") ? value.slice(0, -1) : null;
  const levels = least === null ? value.split(",") : [least];
  if (!isAll<LogLevel>(levels, LOG_LEVELS)) return null;
  return least === null ? levels : LOG_LEVELS
    .filter((level) => LOG_SEVERITY[level] >= LOG_SEVERITY[levels[0]!])
    .toSorted((a, b) => LOG_SEVERITY[a] - LOG_SEVERITY[b]);
}

function isAll<T extends string>(
  values: readonly string[],
  allowed: readonly T[],
): values is readonly T[] {
  return values.every((value) =>
    (allowed as readonly string[]).includes(value)
  );
}
