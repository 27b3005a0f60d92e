/**
 * Variables of several processes over one store.
 *
 * @module
 */
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
