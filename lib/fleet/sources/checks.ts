/**
 * Who may listen to whom. An agent is judged by its configuration alone, so
 * that agents which are spawned together can be judged before they exist.
 *
 * @module
 */
import type { ConfigWarning } from "../../contracts/agent.ts";
import type { AgentConfig, AgentType } from "../../contracts/agent_config.ts";
import { AGENT_TYPE_WORDS } from "../../contracts/agent_types.ts";
import { hedgeSourceOf } from "../../contracts/hedge.ts";
import { LISTENERS_MAX } from "../../contracts/signal.ts";

/** Types whose agents tell signals to others. */
const PUBLISHING: readonly AgentType[] = [
  "pattern_detector",
  "decision_engine",
];

/** Types whose agents listen to others. */
const LISTENING: readonly AgentType[] = ["executor", "decision_engine"];

/** An agent that may be listened to or listens. */
export interface SourceCandidate {
  id: string;
  ownerId: string;
  config: AgentConfig;
}

/** Who is to listen, and all agents that there are or will be; itself may be among them. */
export interface SourceContext {
  /** Null for one that has no id yet. */
  selfId: string | null;
  ownerId: string;
  agents: readonly SourceCandidate[];
}

/** Whom an agent listens to. A configuration of an earlier version does not have the setting. */
export function sourcesOf(
  { sources }: Partial<Pick<AgentConfig, "sources">>,
): readonly string[] {
  return sources ?? [];
}

/** The configuration with ids instead of names, each once. What names nobody stays as it is. */
export function withSourceIds(
  config: AgentConfig,
  { ownerId, agents }: SourceContext,
): AgentConfig {
  const ids = sourcesOf(config).map((named) => {
    if (agents.some(({ id }) => id === named)) return named;
    const name = named.toLowerCase();
    return agents.find((agent) =>
      agent.ownerId === ownerId && agent.config.name.toLowerCase() === name
    )?.id ?? named;
  });
  return { ...config, sources: [...new Set(ids)] };
}

/** What is wrong with whom an agent listens to, or with what its listeners would hear. */
export function findSourceErrors(
  config: AgentConfig,
  context: SourceContext,
): ConfigWarning[] {
  return [
    ...typeErrors(config),
    ...sourcesOf(config).flatMap((named, index) => {
      const detail = sourceProblem(named, { config, context });
      return detail === null
        ? []
        : [{ pointer: `/sources/${index}`, ...detail }];
    }),
    ...listenerErrors(config, context),
  ];
}

/** Who listens to an agent. */
export function listenersOf<Agent extends SourceCandidate>(
  id: string,
  agents: readonly Agent[],
): Agent[] {
  return agents.filter(({ config }) => sourcesOf(config).includes(id));
}

function typeErrors(config: AgentConfig): ConfigWarning[] {
  const { title } = AGENT_TYPE_WORDS[config.type];
  const count = sourcesOf(config).length;
  if (count > 0 && !LISTENING.includes(config.type)) {
    return [{
      pointer: "/sources",
      code: "SOURCES_UNUSED",
      detail: `The type ${title} listens to nobody; leave "sources" empty`,
    }];
  }
  if (config.type !== "executor") return [];
  const errors: ConfigWarning[] = [];
  if (count === 0) {
    errors.push({
      pointer: "/sources",
      code: "SOURCES_MISSING",
      detail:
        'An executor trades the signals of other agents: name at least one of them in "sources"',
    });
  }
  if (config.signalsOnly) {
    errors.push({
      pointer: "/signalsOnly",
      code: "SIGNALS_ONLY",
      detail:
        "An executor has no signals of its own to report: turn signalsOnly off",
    });
  }
  return errors;
}

function sourceProblem(
  named: string,
  { config, context }: { config: AgentConfig; context: SourceContext },
): { code: string; detail: string } | null {
  const { selfId, ownerId, agents } = context;
  if (
    named === selfId ||
    selfId === null && named.toLowerCase() === config.name.toLowerCase()
  ) {
    return {
      code: "SOURCE_ITSELF",
      detail: 'An agent cannot listen to itself; remove it from "sources"',
    };
  }
  const source = agents.find(({ id }) => id === named);
  if (source === undefined) {
    return {
      code: "SOURCE_UNKNOWN",
      detail:
        `There is no agent "${named}" to listen to; name one of your agents or its id`,
    };
  }
  if (source.ownerId !== ownerId) {
    return {
      code: "SOURCE_FOREIGN",
      detail:
        `Agent "${named}" belongs to somebody else; listen to your own agents only`,
    };
  }
  return unfitSource(source, { config, context });
}

function unfitSource(
  source: SourceCandidate,
  { config, context }: { config: AgentConfig; context: SourceContext },
): { code: string; detail: string } | null {
  const { name, type, signalsOnly } = source.config;
  if (!PUBLISHING.includes(type)) {
    return {
      code: "SOURCE_SILENT",
      detail: `"${name}" is of the type ${
        AGENT_TYPE_WORDS[type].title
      }, which tells no signals; listen to a pattern detector or a decision engine`,
    };
  }
  if (!signalsOnly) {
    return {
      code: "SOURCE_TRADES",
      detail:
        `"${name}" trades its signals itself, so they would be traded twice; turn its signalsOnly on first`,
    };
  }
  if (!seesSameCandles(source.config, config)) {
    return {
      code: "SOURCE_MARKET",
      detail: `"${name}" follows ${describeMarket(source.config)}, this agent ${
        describeMarket(config)
      }; an agent and its sources must follow the same candles`,
    };
  }
  if (hearsOf(source, context)) {
    return {
      code: "SOURCE_CYCLE",
      detail:
        `"${name}" listens to this agent already, itself or over others; signals must not go round in a circle`,
    };
  }
  const others = listenersOf(source.id, context.agents).filter(({ id }) =>
    id !== context.selfId
  );
  return others.length < LISTENERS_MAX ? null : {
    code: "SOURCE_BUSY",
    detail:
      `"${name}" has ${others.length} agents that listen to it, which is the most; listen to another one`,
  };
}

/** Whether an agent hears of the one that is judged, over however many others. */
function hearsOf(
  start: SourceCandidate,
  { selfId, agents }: SourceContext,
): boolean {
  if (selfId === null) return false;
  const seen = new Set<string>();
  const next = [start.id];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === selfId) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    const agent = agents.find((candidate) => candidate.id === id);
    if (agent !== undefined) next.push(...sourcesOf(agent.config));
  }
  return false;
}

/** Whether two agents count the same candles: their sequence numbers must agree. The speed of a replay changes none of them. */
function seesSameCandles(a: AgentConfig, b: AgentConfig): boolean {
  return marketOf(a) === marketOf(b);
}

function marketOf(config: AgentConfig): string {
  const { symbol, timeframe, feed } = config;
  const hedge = hedgeSourceOf(config);
  const where = feed.kind === "replay"
    ? [feed.file]
    : feed.kind === "exchange"
    ? [feed.exchange, feed.market]
    : [];
  return JSON.stringify([
    symbol,
    timeframe,
    feed.kind,
    where,
    hedge === null ? null : [hedge.symbol, hedge.file],
  ]);
}

function describeMarket(config: AgentConfig): string {
  const { symbol, timeframe, feed } = config;
  const hedge = hedgeSourceOf(config);
  const market = `${symbol}${
    hedge === null ? "" : ` with ${hedge.symbol}`
  } ${timeframe}`;
  switch (feed.kind) {
    case "simulated":
      return `${market} on the simulated market`;
    case "replay":
      return `${market} of the file ${feed.file}`;
    case "exchange":
      return `${market} on ${feed.exchange} (${feed.market})`;
  }
}

/** One that others listen to has to go on telling them. */
function listenerErrors(
  config: AgentConfig,
  { selfId, agents }: SourceContext,
): ConfigWarning[] {
  if (selfId === null || config.signalsOnly) return [];
  const listeners = listenersOf(selfId, agents);
  return listeners.length === 0 ? [] : [{
    pointer: "/signalsOnly",
    code: "SOURCE_IN_USE",
    detail: `${
      nameAgents(listeners)
    } to this agent and would trade its signals a second time; leave signalsOnly on`,
  }];
}

/** `"A" and "B" listen`. */
export function nameAgents(agents: readonly SourceCandidate[]): string {
  const names = agents.map(({ config }) => `"${config.name}"`);
  const last = names.pop() ?? "";
  return names.length === 0
    ? `${last} listens`
    : `${names.join(", ")} and ${last} listen`;
}
