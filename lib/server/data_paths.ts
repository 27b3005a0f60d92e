import type { InferenceWorkerConfig } from "../contracts/inference.ts";
import type { Env } from "../core/env.ts";
import { runtimePlace } from "../inference/install/runtime_place.ts";
import { modelFolders } from "../inference/library/model_library.ts";
import { WRAPPING_KEY_FILE } from "../vault/keyring.ts";

/** What DATA_DIR says where a process has no folder of its own: it runs no agents, and everything is in the store that it shares. */
const NO_FOLDER = "none";

/** Whether this process keeps files. */
export function hasFolder({ DATA_DIR }: Pick<Env, "DATA_DIR">): boolean {
  return DATA_DIR !== NO_FOLDER;
}

/** Folder of the order journals. */
export function journalDirOf(env: Env): string {
  return `${env.DATA_DIR}/journal`;
}

/** File of the keys that seal what is secret in the store. */
export function keySecretPathOf(env: Pick<Env, "DATA_DIR">): string {
  return `${env.DATA_DIR}/${WRAPPING_KEY_FILE}`;
}

/** File of the store, or the address of the one that processes share. */
export function storePathOf(env: Pick<Env, "DATA_DIR" | "KV_URL">): string {
  return env.KV_URL?.href ?? `${env.DATA_DIR}/store.sqlite`;
}

/** Folder of the candle files. */
export function candlesDirOf(env: Env): string {
  return env.CANDLES_DIR === "" ? `${env.DATA_DIR}/candles` : env.CANDLES_DIR;
}

/** Where models and their runtime are, shipped models first. */
export function inferenceOf(
  env: Pick<Env, "DATA_DIR">,
  root: URL,
): InferenceWorkerConfig {
  const { shipped, own } = modelFolders({ root, dataDir: env.DATA_DIR });
  return {
    runtime: runtimePlace(root, env.DATA_DIR),
    modelDirs: [shipped, own],
  };
}
