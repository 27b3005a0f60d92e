/**
 * The file `.env` beside `deno.json`. What the environment says goes before it.
 *
 * @module
 */
import { parseEnv as parseLines } from "node:util";
import { CLIENT_VARIABLES, SHARED_VARIABLES } from "../core/env_client.ts";
import {
  ENV_VARIABLES,
  EnvError,
  type EnvName,
  parseEnv,
} from "../core/env.ts";
import { TELEMETRY_VARIABLES } from "../core/env_telemetry.ts";
import { suggest } from "../core/nearest.ts";

const ENV_FILE = new URL("../../.env", import.meta.url);

/** Looks one variable up. */
export type Lookup = (name: string) => string | undefined;

/**
 * Looks variables up in the environment, then in the file, if there is one.
 *
 * @throws {EnvError} If the file names a variable that there is not: a slip
 * would otherwise be a setting that does nothing.
 */
export function withEnvFile(get: Lookup, file: URL = ENV_FILE): Lookup {
  const lines = readLines(file);
  const known = [
    ...Object.keys(ENV_VARIABLES),
    ...Object.keys(CLIENT_VARIABLES),
    ...Object.keys(TELEMETRY_VARIABLES),
  ];
  const faults = Object.keys(lines).filter((name) => !known.includes(name))
    .map((name) =>
      `  .env names ${name}, which is no variable of ours.${
        suggest(name, known)
      } .env.example has all of them`
    );
  if (faults.length > 0) throw new EnvError(faults);
  return (name) => {
    const own = get(name);
    return own === undefined || own === "" ? lines[name] : own;
  };
}

/**
 * The same of some variables alone: a wrong port is no reason to go without a
 * backup.
 *
 * @throws {EnvError} See {@link withEnvFile}.
 */
export function onlyVariables(names: readonly string[]): Lookup {
  const lookUp = withEnvFile((name) =>
    names.includes(name) ? Deno.env.get(name) : undefined
  );
  return (name) => names.includes(name) ? lookUp(name) : undefined;
}

/**
 * What is wrong with the server's settings in the environment and the file, one
 * sentence each. Secrets are not looked at: the command line may not read them.
 */
export function settingFaults(
  get: Lookup,
  file: URL = ENV_FILE,
): readonly string[] {
  try {
    const seen = withEnvFile(
      (name) => isSecret(name) ? undefined : get(name),
      file,
    );
    parseEnv((name) => seen(name) ?? UNSEEN[name]);
    return [];
  } catch (error) {
    if (error instanceof EnvError) return error.faults;
    throw error;
  }
}

/** What stands for a secret that may be set where it cannot be seen. */
const UNSEEN: Readonly<Record<string, string>> = {
  EXCHANGE_KEY_SECRET: new Uint8Array(32).toBase64(),
} satisfies Partial<Record<EnvName, string>>;

function isSecret(name: string): boolean {
  return "isSecret" in ENV_VARIABLES[name as EnvName];
}

/**
 * Looks variables of the command line up in the file as well. What else is in
 * it does not matter here, nor that it cannot be read: an emergency stop must
 * not fail for that.
 */
export function withClientVariables(get: Lookup, file: URL = ENV_FILE): Lookup {
  const lines = readOrNothing(file);
  return (name) => {
    const own = get(name);
    const isOurs = Object.hasOwn(CLIENT_VARIABLES, name) ||
      Object.hasOwn(SHARED_VARIABLES, name);
    return isOurs && (own === undefined || own === "") ? lines[name] : own;
  };
}

function readOrNothing(file: URL): Record<string, string | undefined> {
  try {
    return readLines(file);
  } catch {
    return {};
  }
}

function readLines(file: URL): Record<string, string | undefined> {
  try {
    return parseLines(Deno.readTextFileSync(file));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
