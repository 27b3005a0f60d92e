/**
 * The filter of the fleet page: words and qualifiers such as
 * `state:running,paused mode:paper symbol:BTC "order block"`.
 *
 * @module
 */
import type { AgentView } from "../../contracts/agent.ts";
import { pendingWord } from "../StateChip.tsx";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { STATE_WORDS } from "../words.ts";

const QUALIFIERS = [
  "state",
  "mode",
  "symbol",
  "type",
  "timeframe",
  "team",
  "owner",
] as const;
/** Names that can stand before a colon. */
export type Qualifier = (typeof QUALIFIERS)[number];

/** A filter as it was read. All parts must match; of several values of a qualifier one. */
export interface FleetFilter {
  qualifiers: readonly { name: Qualifier; values: readonly string[] }[];
  words: readonly string[];
  /** Qualifiers that do not exist, for a hint beside the field. */
  unknown: readonly string[];
}

/** Reads a filter text. Never fails: what is no qualifier is a word. */
export function parseFilter(text: string): FleetFilter {
  const qualifiers: { name: Qualifier; values: string[] }[] = [];
  const words: string[] = [];
  const unknown: string[] = [];
  for (const token of text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []) {
    const plain = token.replaceAll('"', "").trim();
    const colon = token.startsWith('"') ? -1 : plain.indexOf(":");
    if (colon <= 0) {
      if (plain !== "") words.push(plain.toLowerCase());
      continue;
    }
    const name = plain.slice(0, colon).toLowerCase();
    const values = plain.slice(colon + 1).toLowerCase().split(",").filter(
      Boolean,
    );
    if (!isQualifier(name)) unknown.push(name);
    else if (values.length > 0) qualifiers.push({ name, values });
  }
  return { qualifiers, words, unknown };
}

function isQualifier(name: string): name is Qualifier {
  return (QUALIFIERS as readonly string[]).includes(name);
}

/** The parts of an agent that a filter looks at. */
export type Filterable = Pick<
  AgentView,
  | "name"
  | "type"
  | "symbol"
  | "timeframe"
  | "mode"
  | "desired"
  | "observed"
  | "observedSince"
  | "restarts"
  | "restartBudget"
  | "lastError"
  | "templateName"
  | "team"
  | "owner"
>;

/** Tells whether an agent passes the filter. */
export function matchesFilter(agent: Filterable, filter: FleetFilter): boolean {
  return filter.qualifiers.every(({ name, values }) =>
    values.some((value) => matchesQualifier(agent, name, value))
  ) && filter.words.every((word) => searchText(agent).includes(word));
}

function matchesQualifier(
  agent: Filterable,
  name: Qualifier,
  value: string,
): boolean {
  switch (name) {
    case "state":
      return agent.observed.startsWith(value) ||
        STATE_WORDS[agent.observed].word.toLowerCase().startsWith(value) ||
        (pendingWord(agent) ?? "").toLowerCase().startsWith(value);
    case "mode":
      return agent.mode.startsWith(value);
    case "symbol":
      return agent.symbol.toLowerCase().includes(value) ||
        agent.symbol.toLowerCase().replace("/", "").includes(value);
    case "type":
      return agent.type.includes(value) ||
        AGENT_TYPE_WORDS[agent.type].title.toLowerCase().includes(value);
    case "timeframe":
      return agent.timeframe === value;
    case "team":
      return agent.team?.name.toLowerCase() === value;
    case "owner":
      return (agent.owner?.email ?? "").toLowerCase().includes(value);
  }
}

function searchText(agent: Filterable): string {
  return [
    agent.name,
    agent.symbol,
    agent.timeframe,
    agent.mode,
    AGENT_TYPE_WORDS[agent.type].title,
    STATE_WORDS[agent.observed].word,
    agent.templateName ?? "",
    agent.team?.name ?? "",
    agent.lastError ?? "",
  ].join(" ").toLowerCase();
}

/** Sets or clears one qualifier in a filter text, for the filter pills. */
export function withQualifier(
  text: string,
  name: Qualifier,
  value: string | null,
): string {
  const rest = (text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [])
    .filter((token) => !token.toLowerCase().startsWith(`${name}:`));
  return (value === null ? rest : [...rest, `${name}:${value}`]).join(" ");
}
