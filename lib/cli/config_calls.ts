import type { ConfigResponse } from "../contracts/agent.ts";
import type {
  ConfigVersion,
  CurrentConfig,
} from "../contracts/config_history.ts";
import type { Line } from "./api_sender.ts";

/** Calls about the configuration of an agent. */
export interface ConfigCalls {
  config(id: string): Promise<CurrentConfig>;
  /** `version` is the one that the change was made on. */
  changeConfig(
    id: string,
    change: { config: unknown; version: number },
  ): Promise<ConfigResponse>;
  /** Newest first. */
  configHistory(id: string): Promise<readonly ConfigVersion[]>;
}

/** Makes the calls over a client's requests. */
export function configCalls(
  { read, readAll }: Pick<Line, "read"> & {
    /** Every item of a list. */
    readAll: <T>(path: string) => Promise<readonly T[]>;
  },
): ConfigCalls {
  return {
    config: (id) => read("GET", `/agents/${id}/config`),
    changeConfig: (id, { config, version }) =>
      read("PUT", `/agents/${id}/config`, {
        body: { config },
        headers: { "if-match": `"${version}"` },
      }),
    configHistory: (id) => readAll(`/agents/${id}/config/history`),
  };
}
