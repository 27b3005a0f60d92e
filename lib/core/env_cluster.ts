/**
 * Variables of several processes over one store.
 *
 * @module
 */
import { hosts } from "./env_network.ts";
import { oneOf } from "./env_read.ts";
import { Secret } from "./secret.ts";

/** A KV Connect address: https, or http on a network that is one's own. */
function kvUrl(value: string): URL | null {
  if (value === "") return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw new RangeError(
      "the https:// or http:// address of a KV server, without a login in it",
    );
  }
  return url;
}

function hostId(value: string): string {
  if (value !== "" && !/^[a-z0-9][a-z0-9-]{0,39}$/.test(value)) {
    throw new RangeError(
      "up to 40 small letters, digits and dashes, beginning with a letter or digit",
    );
  }
  return value;
}

/** Each with its default, what it means and how its text is read. */
export const CLUSTER_VARIABLES = {
  FLEET_ROLE: {
    preset: "all",
    help:
      "all: panel, API and agents in one process; control: panel and API only; host: agents only. control and host need KV_URL",
    example: "all",
    read: oneOf(["all", "control", "host"] as const),
  },
  KV_URL: {
    preset: "",
    help:
      "KV server that several processes share as their store; the file in DATA_DIR if empty",
    example: "https://kv.example",
    read: kvUrl,
  },
  KV_HOSTS: {
    preset: "",
    help:
      "Other hosts that the KV server names for its data, with commas between, each with a port where it is not 443; empty where all of it is at KV_URL",
    example: "data.kv.example",
    read: hosts,
  },
  DENO_KV_ACCESS_TOKEN: {
    preset: "",
    help: "Token of the KV server",
    example: "a-long-token",
    isSecret: true,
    read: (value: string) => new Secret(value),
  },
  HOST_ID: {
    preset: "",
    help:
      "Name of this process among those that share a store; drawn once and kept in DATA_DIR if empty",
    example: "frankfurt-1",
    read: hostId,
  },
} as const;

/** What of it counts together. */
interface ClusterEnv {
  DATA_DIR: string;
  FLEET_ROLE: "all" | "control" | "host";
  KV_URL: URL | null;
  EXCHANGE_KEY_SECRET: Secret<string>;
}

/** What is wrong although each variable is right by itself. */
export function clusterFaults(env: ClusterEnv): string[] {
  const { DATA_DIR, FLEET_ROLE, KV_URL } = env;
  if (DATA_DIR === "none" && FLEET_ROLE !== "control") {
    return [
      `  DATA_DIR must be a folder for FLEET_ROLE=${FLEET_ROLE}: only a process without agents needs none; for example DATA_DIR=./data`,
    ];
  }
  if (KV_URL === null) {
    return FLEET_ROLE === "all" ? [] : [
      `  KV_URL must be set for FLEET_ROLE=${FLEET_ROLE}: it shares its store with others; for example KV_URL=https://kv.example`,
    ];
  }
  if (env.EXCHANGE_KEY_SECRET.reveal() !== "") return [];
  const why = "what one of them seals the others open";
  return [
    `  EXCHANGE_KEY_SECRET must be set with KV_URL, the same for all processes: ${why}; for example EXCHANGE_KEY_SECRET=$(openssl rand -base64 32)`,
  ];
}
