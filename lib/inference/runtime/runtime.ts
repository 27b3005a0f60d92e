/**
 * The ONNX runtime of an isolate. The one file that imports it, and only when
 * it is asked for: nobody pays for it who uses no model.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { AppError } from "../../core/errors.ts";
import { HOW_TO_FETCH, runtimeFiles } from "../install/runtime_place.ts";
import type { OnnxRuntime } from "./onnx_runtime.ts";

let loading: Promise<OnnxRuntime> | null = null;

/**
 * The runtime, made once an isolate from the package in `folder`. It has one
 * thread: a run is shorter than waking a second one, and the sums of one thread
 * are the same everywhere.
 *
 * @throws {AppError} RUNTIME_MISSING if its files cannot be read.
 */
export function loadRuntime(folder: string): Promise<OnnxRuntime> {
  loading ??= startRuntime(folder).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function startRuntime(folder: string): Promise<OnnxRuntime> {
  const { modulePath, wasmPath } = runtimeFiles(folder);
  let program: ArrayBuffer;
  let library: OnnxRuntime;
  try {
    program = (await Deno.readFile(wasmPath)).buffer;
    library = await importLibrary(modulePath);
  } catch (error) {
    throw new AppError(
      "RUNTIME_MISSING",
      `Cannot read the ONNX runtime in ${folder}: ${
        (error as Error).message
      }; ${HOW_TO_FETCH}`,
      { cause: error },
    );
  }
  library.env.logLevel = "error";
  library.env.wasm.numThreads = 1;
  // Handed over as bytes, or it would look for the file by itself.
  library.env.wasm.wasmBinary = program;
  return library;
}

async function importLibrary(path: string): Promise<OnnxRuntime> {
  if (globalThis.location !== undefined) {
    // It makes addresses below this one. That of a worker has the origin "null",
    // which makes none and ends the import; without a location it asks for none.
    Object.defineProperty(globalThis, "location", {
      value: undefined,
      configurable: true,
    });
  }
  // Not by its name: no import map has it, and a bundle must not carry it.
  return await import(pathToFileURL(path).href);
}
