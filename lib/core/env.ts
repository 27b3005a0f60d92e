/**
 * Every environment variable of the product, read once. All faults are
 * reported together, each with the variable's name and an example.
 *
 * @module
 */

import { EnvError } from "./env_error.ts";
import { Secret } from "./secret.ts";
import { CLUSTER_VARIABLES } from "./env_cluster.ts";
import { LIVE_VARIABLES } from "./env_live.ts";
import { addressBlocks, origins } from "./env_network.ts";
import { oneOf, whole } from "./env_read.ts";

/** One variable: its default, what it means and how its text is read. */
interface Variable<T> {
  preset: string;
  help: string;
  example: string;
  /** Never shown, also not where it is wrong. */
  isSecret?: true;
  /** @throws {RangeError} With what was expected, if the text is no valid value. */
  read(text: string): T;
}

function text(value: string): string {
  if (value === "") throw new RangeError("a text that is not empty");
  return value;
}

function wrappingSecret(value: string): Secret<string> {
  if (
    value !== "" &&
    !/^[A-Za-z0-9+/]{43}=(\s*,\s*[A-Za-z0-9+/]{43}=)*$/.test(value)
  ) {
    throw new RangeError(
      "32 bytes in base64 (openssl rand -base64 32), or several of them with commas between",
    );
  }
  return new Secret(value);
}

function hostName(value: string): string {
  if (!/^[A-Za-z0-9.:-]+$/.test(value)) {
    throw new RangeError("a host name or an address");
  }
  return value;
}

/** Ids in lower case with commas between; the word none for no id. */
function ids(value: string): readonly string[] {
  if (value === "none") return [];
  const names = value.split(",").map((name) => name.trim());
  if (!names.every((name) => /^[a-z][a-z0-9_]{1,31}$/.test(name))) {
    throw new RangeError("ids in lower case with commas between, or none");
  }
  return [...new Set(names)];
}

/** `id=address` or `id.market=address` with commas between; only addresses of this machine. */
function loopbackEndpoints(value: string): Readonly<Record<string, string>> {
  if (value === "") return {};
  return Object.fromEntries(
    value.split(",").map((part) => {
      const [, name, address] =
        /^\s*([a-z][a-z0-9_]*(?:\.(?:spot|swap))?)=(\S+)\s*$/
          .exec(part) ?? [];
      const url = address !== undefined && URL.canParse(address)
        ? new URL(address)
        : null;
      const isLoopback = url !== null && url.protocol === "http:" &&
        /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
      if (name === undefined || !isLoopback) {
        throw new RangeError(
          "exchange=address pairs, each address http on this machine (127.0.0.1, localhost, [::1])",
        );
      }
      return [name, url.origin];
    }),
  );
}

/** The variables by name. The table in the README is generated from here. */
export const ENV_VARIABLES = {
  PORT: {
    preset: "3001",
    help: "Port of the panel and the API",
    example: "3001",
    read: whole(0, 65_535),
  },
  HOST: {
    preset: "127.0.0.1",
    help: "Address to listen on; anything but loopback lets other machines in",
    example: "127.0.0.1",
    read: hostName,
  },
  PUBLIC_ORIGINS: {
    preset: "",
    help:
      "Origins by which browsers reach the server besides its own address, with commas between; an https one says that TLS ends at a proxy",
    example: "https://fleet.example",
    read: origins,
  },
  TRUSTED_PROXIES: {
    preset: "",
    help:
      "Addresses or CIDR blocks, with commas between, whose X-Forwarded-For and X-Forwarded-Proto are believed",
    example: "127.0.0.1,10.0.0.0/8",
    read: addressBlocks,
  },
  DATA_DIR: {
    preset: "./data",
    help:
      "Folder of the store, the order journals and the setup token; none for a process with FLEET_ROLE=control that is to write no file",
    example: "./data",
    read: text,
  },
  ...CLUSTER_VARIABLES,
  CANDLES_DIR: {
    preset: "",
    help: "Folder of candle files for replay feeds; DATA_DIR/candles if empty",
    example: "./data/candles",
    read: (value: string) => value,
  },
  MAX_AGENTS_PER_USER: {
    preset: "10",
    help: "How many agents one user may have",
    example: "10",
    read: whole(1, 1_000),
  },
  MAX_AGENTS_PER_HOST: {
    preset: "100",
    help: "How many agents run in one process",
    example: "100",
    read: whole(1, 500),
  },
  DEFAULT_AGENT_TIMEOUT: {
    preset: "30000",
    help: "Milliseconds an agent may take to start",
    example: "30000",
    read: whole(1_000, 600_000),
  },
  AGENT_HEALTH_CHECK_INTERVAL: {
    preset: "5000",
    help:
      "Milliseconds without a sign of life after which an agent is ended and started anew",
    example: "5000",
    read: whole(4_000, 600_000),
  },
  HOST_RESTARTS_MAX: {
    preset: "5",
    help:
      "How often a server that dies again and again is started again within 5 minutes; 0 = never",
    example: "5",
    read: whole(0, 1_000),
  },
  AGENT_HEAP_MIB: {
    preset: "128",
    help:
      "Heap in MiB above which an agent is started anew from its snapshot, before it could harm the others",
    example: "128",
    read: whole(32, 4_096),
  },
  SIMULATION_SPEED: {
    preset: "60",
    help:
      "Simulated market time per real time; 60 makes a one-minute candle each second",
    example: "60",
    read: whole(1, 6_000),
  },
  SIMULATION_SEED: {
    preset: "1",
    help:
      "Seed of the simulated market, fixed by the first start of a data folder",
    example: "1",
    read: whole(0, 2_147_483_647),
  },
  TRADING_MODE: {
    preset: "paper",
    help:
      "paper: nothing that this process does can move money; live: agents whose owner allowed it trade at their exchange",
    example: "paper",
    read: oneOf(["paper", "live"] as const),
  },
  EXCHANGE_KEY_SECRET: {
    preset: "",
    help:
      "32 bytes in base64 that seal what is secret in the store, or several, newest first, while they are rotated; DATA_DIR/exchange-key-secret if empty",
    example: "$(openssl rand -base64 32)",
    isSecret: true,
    read: wrappingSecret,
  },
  EXCHANGES: {
    preset: "binance,bybit,okx,kraken",
    help:
      "Exchanges that the server may reach for live prices, with commas between; none for no exchange at all",
    example: "binance,kraken",
    read: ids,
  },
  EXCHANGE_ENDPOINTS: {
    preset: "",
    help:
      "For tests: addresses on this machine in place of exchanges, by id or id.market; their prices are labelled simulated",
    example: "binance=http://127.0.0.1:4001",
    read: loopbackEndpoints,
  },
  AUDIT_MIRROR_DIR: {
    preset: "",
    help:
      "A second folder for signed checkpoints of the audit trail, for instance on another disk; none if empty",
    example: "/mnt/audit",
    read: (value: string) => value,
  },
  LOG_LEVEL: {
    preset: "info",
    help: "Least level of the lines on the console",
    example: "info",
    read: oneOf(["debug", "info", "warning", "error"] as const),
  },
  ...LIVE_VARIABLES,
  API_USER_RATE: {
    preset: "50",
    help: "Requests a second that one user may make for long",
    example: "50",
    read: whole(1, 1_000_000),
  },
  API_USER_BURST: {
    preset: "100",
    help: "Requests that one user may make at once",
    example: "100",
    read: whole(1, 1_000_000),
  },
  API_ADDRESS_RATE: {
    preset: "10",
    help: "The same a second for requests without a login, by address",
    example: "10",
    read: whole(1, 1_000_000),
  },
  API_ADDRESS_BURST: {
    preset: "100",
    help: "Requests without a login that one address may make at once",
    example: "100",
    read: whole(1, 1_000_000),
  },
} as const satisfies Record<string, Variable<unknown>>;

export { EnvError };

/** Name of a variable of the product. */
export type EnvName = keyof typeof ENV_VARIABLES;

/** The parsed environment. */
export type Env = {
  [Name in EnvName]: ReturnType<(typeof ENV_VARIABLES)[Name]["read"]>;
};

/** What is wrong although each variable is right by itself. */
function faultsTogether(env: Env): string[] {
  const { FLEET_ROLE, KV_URL } = env;
  if (env.DATA_DIR === "none" && FLEET_ROLE !== "control") {
    return [
      `  DATA_DIR must be a folder for FLEET_ROLE=${FLEET_ROLE}: only a process without agents needs none; for example DATA_DIR=./data`,
    ];
  }
  if (KV_URL === null) {
    return FLEET_ROLE === "all" ? [] : [
      `  KV_URL must be set for FLEET_ROLE=${FLEET_ROLE}: it shares its store with others; for example KV_URL=https://kv.example`,
    ];
  }
  return env.EXCHANGE_KEY_SECRET.reveal() === ""
    ? [
      "  EXCHANGE_KEY_SECRET must be set with KV_URL, and be the same for all processes: what one of them seals the others open; for example EXCHANGE_KEY_SECRET=$(openssl rand -base64 32)",
    ]
    : [];
}

/**
 * Parses all variables at once.
 *
 * @param get Looks up one variable, for instance `Deno.env.get`.
 * @throws {EnvError} If any variable is wrong; it names all that are.
 */
export function parseEnv(get: (name: string) => string | undefined): Env {
  const faults: string[] = [];
  const env: Record<string, unknown> = {};
  for (const [name, variable] of Object.entries(ENV_VARIABLES)) {
    const raw = get(name)?.trim();
    const value = raw === undefined || raw === "" ? variable.preset : raw;
    try {
      env[name] = variable.read(value);
    } catch (error) {
      const expected = error instanceof Error ? error.message : String(error);
      const was = "isSecret" in variable
        ? `was ${value.length} characters that are not shown`
        : `was "${value}"`;
      faults.push(
        `  ${name} must be ${expected}, ${was}; for example ${name}=${variable.example}`,
      );
    }
  }
  if (faults.length === 0) faults.push(...faultsTogether(env as Env));
  if (faults.length > 0) throw new EnvError(faults);
  return env as Env;
}
