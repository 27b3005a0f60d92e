import type { JsonChange } from "../core/json_diff.ts";
import type { AgentConfig } from "./agent_config.ts";
import type { Actor } from "./audit.ts";
import type { EpochMs } from "./primitives.ts";

/** A version of an agent's configuration, as it is kept. */
export interface KeptConfig {
  configVersion: number;
  config: AgentConfig;
  /** Null where it was written before versions were kept. */
  at: EpochMs | null;
  by: Actor | null;
  /** The kind of client. */
  via: string | null;
}

/** One entry of `GET /api/agents/{id}/config/history`. */
export interface ConfigVersion extends KeptConfig {
  /** What differs from the version before; empty for the oldest that is kept. */
  changes: readonly JsonChange[];
}

/** `GET /api/agents/{id}/config`. */
export interface CurrentConfig {
  configVersion: number;
  config: AgentConfig;
}
