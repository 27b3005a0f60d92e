import { basename, dirname, join } from "node:path";
import { type Env, ENV_VARIABLES } from "../core/env.ts";
import { alertNet } from "../core/env_alerts.ts";

/** What the library of exchanges' streams looks at when it is loaded. */
export const SOCKET_VARIABLES = [
  "WS_NO_BUFFER_UTIL",
  "WS_NO_UTF_8_VALIDATE",
];

/** Variables that libraries look at; refusing them would end the process. */
const LIBRARY_VARIABLES = [
  "NO_COLOR",
  "FORCE_COLOR",
  "TERM",
  "NODE_ENV",
  "DENO_DEPLOYMENT_ID",
  ...SOCKET_VARIABLES,
];

/**
 * The exact permission flags of the server: it listens on one address, reads
 * the project, its data and its candles, writes its data, reaches the named
 * hosts of exchanges, receivers of alerts and the KV server, and can start no process, load no library
 * and reach no other host.
 */
export function serverPermissions(
  options: { env: Env; root: URL; exchangeHosts: readonly string[] },
): string[] {
  const { env, exchangeHosts, root } = options;
  const writable = [
    ...env.DATA_DIR === "none" ? [] : [env.DATA_DIR],
    ...(env.AUDIT_MIRROR_DIR === "" ? [] : withRealPath(env.AUDIT_MIRROR_DIR)),
  ];
  const readable = [
    decodeURIComponent(root.pathname),
    ...writable,
    ...(env.CANDLES_DIR === "" ? [] : withRealPath(env.CANDLES_DIR)),
  ];
  return [
    `--allow-net=${
      [
        `${env.HOST.includes(":") ? `[${env.HOST}]` : env.HOST}:${env.PORT}`,
        ...exchangeHosts,
        ...env.KV_URL === null ? [] : [hostOf(env.KV_URL), ...env.KV_HOSTS],
        ...alertNet(env),
      ].join(",")
    }`,
    `--allow-read=${readable.join(",")}`,
    // An empty list would be all there is.
    ...writable.length === 0 ? [] : [`--allow-write=${writable.join(",")}`],
    `--allow-env=${
      [...Object.keys(ENV_VARIABLES), ...LIBRARY_VARIABLES].join(",")
    }`,
    // How much the disk has left, and whether the processors have more to do than they can.
    "--allow-sys=statfs,loadavg",
    "--no-prompt",
  ];
}

function hostOf({ host, port, protocol }: URL): string {
  return port === "" ? `${host}:${protocol === "https:" ? 443 : 80}` : host;
}

/** A folder as it is named and as it really is, or will be: Deno checks both where a part of the path is a link. */
export function withRealPath(folder: string): string[] {
  return [folder, realPathOf(folder)];
}

/** What is not there yet comes to be in the folder that is. */
function realPathOf(path: string): string {
  try {
    return Deno.realPathSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return join(realPathOf(dirname(path)), basename(path));
  }
}
