/**
 * What tasks read of the settings that a server has: from the environment, then
 * from the file `.env`, as the server does.
 *
 * @module
 */
import { type Env, EnvError, parseEnv } from "../lib/core/env.ts";
import { onlyVariables } from "../lib/server/env_file.ts";

/** One setting; null, with the sentence told, where it or the file is wrong. */
export function readSetting<Name extends keyof Env>(
  name: Name,
  say: (text: string) => void,
): Env[Name] | null {
  try {
    return parseEnv(onlyVariables([name]))[name];
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    say(`${error.message}\n`);
    return null;
  }
}
