import type { Env } from "../core/env.ts";
import { WRAPPING_KEY_FILE } from "../vault/wrapping_key.ts";

/** Folder of the order journals. */
export function journalDirOf(env: Env): string {
  return `${env.DATA_DIR}/journal`;
}

/** File of the key that seals exchange keys and second factors. */
export function keySecretPathOf(env: Env): string {
  return `${env.DATA_DIR}/${WRAPPING_KEY_FILE}`;
}

/** Folder of the candle files. */
export function candlesDirOf(env: Env): string {
  return env.CANDLES_DIR === "" ? `${env.DATA_DIR}/candles` : env.CANDLES_DIR;
}
