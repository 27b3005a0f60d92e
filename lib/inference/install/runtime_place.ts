/**
 * Where the ONNX runtime is. It is a package of its own, beside those that every
 * start installs: nobody pays for it who uses no model.
 *
 * @module
 */
import type { RuntimePlace } from "../../contracts/inference.ts";

/** Version of the runtime that this version of the product works with; that of {@link RUNTIME_CONFIG_DIR}. */
export const RUNTIME_VERSION = "1.30.0";

/** Size of the download in megabytes, for people. */
export const RUNTIME_MB = 33;

/** Folder with the configuration and the lock file that it is installed from, below the root of the project. */
export const RUNTIME_CONFIG_DIR = "lib/inference/onnx";

/** Folder that it is installed in, below the root of the project; removed with all that is built. */
export const RUNTIME_DIR = ".build/onnx";

/** File of a data folder by which its server asks for the runtime. */
export const REQUEST_FILE = "onnx-runtime-request.json";

/** What to do where it is missing and nobody fetches it. */
export const HOW_TO_FETCH =
  `run "deno task ml runtime" in the project's folder, with a network`;

/** What is imported and read of the runtime. */
export interface RuntimeFiles {
  /** JavaScript. */
  modulePath: string;
  /** WebAssembly. */
  wasmPath: string;
}

/** The runtime of a project; `dataDir` is that of the server that may ask its parent for it. */
export function runtimePlace(
  root: URL,
  dataDir: string | null,
): RuntimePlace {
  return {
    folder: decodeURIComponent(new URL(RUNTIME_DIR, root).pathname),
    requestPath: dataDir === null ? null : `${dataDir}/${REQUEST_FILE}`,
  };
}

/** The files within its folder. */
export function runtimeFiles(folder: string): RuntimeFiles {
  const dist = `${folder}/node_modules/onnxruntime-web/dist`;
  return {
    modulePath: `${dist}/ort.wasm.bundle.min.mjs`,
    wasmPath: `${dist}/ort-wasm-simd-threaded.wasm`,
  };
}
