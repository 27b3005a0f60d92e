import type { AgentView } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import type { ApiClient } from "../client/api_client.ts";

/** What a session needs from outside. */
export interface SpawnSessionOptions {
  api: Pick<
    ApiClient,
    | "validate"
    | "spawn"
    | "candleFiles"
    | "newKey"
    | "exchangeKeys"
    | "stepUp"
  >;
  templates: readonly AgentTemplate[];
  /** Template to begin with; null = the draft, or none. */
  template: string | null;
  /** Configuration to begin with; goes before template and draft. */
  config?: AgentConfig;
  names: readonly string[];
  storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  onSpawned: (agent: AgentView) => void;
}
