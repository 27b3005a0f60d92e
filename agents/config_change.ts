import type { AgentConfig } from "../lib/contracts/agent_config.ts";
import { hedgeSourceOf } from "../lib/contracts/hedge.ts";

/** The part of a start configuration that is compared. */
interface StartConfig {
  agentId: string;
  config: AgentConfig;
  startSeq: number;
}

/**
 * Whether a running agent can take a new configuration. Strategy parameters,
 * risk, safety limits, the name, `signalsOnly` and whom it listens to hold from
 * the next candle on; what the detectors, the stream or the venue were built
 * from needs a restart, and so do other models and a recording, which is of
 * whole incarnations.
 */
export function compareConfigs(
  current: StartConfig,
  next: StartConfig,
): "applied" | "needs_restart" {
  const canApply = current.agentId === next.agentId &&
    current.startSeq === next.startSeq &&
    current.config.type === next.config.type &&
    current.config.mode === next.config.mode &&
    current.config.seed === next.config.seed &&
    isRecorded(current.config) === isRecorded(next.config) &&
    isSame(current.config.feed, next.config.feed) &&
    hasSameStream(current.config, next.config) &&
    hasSameDetector(current.config, next.config) &&
    hasSameModels(current.config, next.config);
  return canApply ? "applied" : "needs_restart";
}

/** The same for a risk manager, which has no market of its own. */
export function compareGuardConfigs(
  current: Pick<StartConfig, "agentId" | "config">,
  next: Pick<StartConfig, "agentId" | "config">,
): "applied" | "needs_restart" {
  const isSame = next.agentId === current.agentId &&
    next.config.type === current.config.type &&
    next.config.timeframe === current.config.timeframe &&
    next.config.record === current.config.record;
  return isSame ? "applied" : "needs_restart";
}

/** What a running agent of any type makes of a new configuration; said before it is given one. */
export function configEffect(
  current: StartConfig,
  next: StartConfig,
): "applied" | "needs_restart" {
  return current.config.type === "risk_manager"
    ? compareGuardConfigs(current, next)
    : compareConfigs(current, next);
}

/** Which models vote is asked of the inference worker once, at the start. */
export function hasSameModels(a: AgentConfig, b: AgentConfig): boolean {
  return modelsOf(a).join() === modelsOf(b).join();
}

/** A configuration of an earlier version does not have the setting. */
function modelsOf({ decision }: Partial<AgentConfig>): readonly string[] {
  return decision?.models ?? [];
}

/** A configuration of an earlier version does not have the setting. */
function isRecorded({ record }: Partial<AgentConfig>): boolean {
  return record === true;
}

/** Whether two configurations see the same candles. The speed of a replay changes none of them. */
export function hasSameStream(a: AgentConfig, b: AgentConfig): boolean {
  return a.symbol === b.symbol && a.timeframe === b.timeframe &&
    a.feed.kind === b.feed.kind &&
    (a.feed.kind !== "replay" || b.feed.kind !== "replay" ||
      a.feed.file === b.feed.file) &&
    hasSameVenue(a, b) && hasSameHedge(a, b);
}

/** Prices of two exchanges are never quite the same. */
function hasSameVenue({ feed: a }: AgentConfig, { feed: b }: AgentConfig) {
  return a.kind !== "exchange" || b.kind !== "exchange" ||
    a.exchange === b.exchange && a.market === b.market;
}

/** A second market changes which candles there are. */
function hasSameHedge(a: AgentConfig, b: AgentConfig): boolean {
  const left = hedgeSourceOf(a);
  const right = hedgeSourceOf(b);
  return left?.symbol === right?.symbol && left?.file === right?.file;
}

/** Whether two configurations build the same detectors. */
export function hasSameDetector(a: AgentConfig, b: AgentConfig): boolean {
  return isSame(a.detector, b.detector);
}

/** Compares flat objects of plain values, whatever the order of their keys. */
function isSame(a: object, b: object): boolean {
  const left = a as Record<string, unknown>;
  const right = b as Record<string, unknown>;
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length &&
    keys.every((key) => left[key] === right[key]);
}
