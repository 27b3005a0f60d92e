import type { AgentConfig } from "./agent_config.ts";

/** A configuration without the agent's name. */
export type UnnamedConfig = Omit<AgentConfig, "name">;

/**
 * A configuration as it may leave this installation: on paper, without a key,
 * and without the ids of whom it listens to or guards. Limits stay as they are,
 * as a proposal.
 */
export function sharedConfig(config: UnnamedConfig): UnnamedConfig {
  const { exchangeKeyId: _, guard, ...rest } = config;
  return {
    ...rest,
    mode: "paper",
    sources: [],
    ...(guard === undefined ? {} : {
      guard: guard.scope.kind === "user"
        ? guard
        : { ...guard, scope: { kind: "user" } },
    }),
  };
}

/**
 * What of a configuration decides on the trades of a backtest: two that are
 * equal in this give the same trades on the same candles. Name, feed, mode, key
 * and what is recorded make no difference there.
 */
export function tradedConfig(
  config: AgentConfig | UnnamedConfig,
): Partial<AgentConfig> {
  const {
    name: _name,
    feed: _feed,
    mode: _mode,
    exchangeKeyId: _exchangeKeyId,
    sources: _sources,
    record: _record,
    guard: _guard,
    ...traded
  } = config as Partial<AgentConfig>;
  return traded;
}
