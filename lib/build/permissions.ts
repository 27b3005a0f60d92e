import { type Env, ENV_VARIABLES } from "../core/env.ts";

/** Variables that libraries look at; refusing them would end the process. */
const LIBRARY_VARIABLES = [
  "NO_COLOR",
  "FORCE_COLOR",
  "TERM",
  "NODE_ENV",
  "DENO_DEPLOYMENT_ID",
];

/**
 * The exact permission flags of the server: it listens on one address, reads
 * the project, its data and its candles, writes its data, and can start no
 * process, load no library and reach no other host.
 */
export function serverPermissions(options: { env: Env; root: URL }): string[] {
  const { env, root } = options;
  const readable = [
    decodeURIComponent(root.pathname),
    env.DATA_DIR,
    ...(env.CANDLES_DIR === "" ? [] : withRealPath(env.CANDLES_DIR)),
  ];
  return [
    `--allow-net=${
      env.HOST.includes(":") ? `[${env.HOST}]` : env.HOST
    }:${env.PORT}`,
    `--allow-read=${readable.join(",")}`,
    `--allow-write=${env.DATA_DIR}`,
    `--allow-env=${
      [...Object.keys(ENV_VARIABLES), ...LIBRARY_VARIABLES].join(",")
    }`,
    "--no-prompt",
  ];
}

/** A folder as it is named and as it really is: Deno checks both where a part of the path is a link. */
export function withRealPath(folder: string): string[] {
  try {
    return [folder, Deno.realPathSync(folder)];
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return [folder];
  }
}
