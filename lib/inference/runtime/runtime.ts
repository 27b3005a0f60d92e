/**
 * The ONNX runtime of an isolate. The one file that imports it, and only when
 * it is asked for: nobody pays for it who uses no model.
 *
 * @module
 */
import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import { AppError } from "../../core/errors.ts";

export { RUNTIME_WASM } from "../library/runtime_path.ts";

/** The parts of the library that models need. */
export type OnnxRuntime = Awaited<ReturnType<typeof importLibrary>>;
export type { InferenceSession, Tensor };

let loading: Promise<OnnxRuntime> | null = null;

/**
 * The runtime, made once an isolate from the WebAssembly file at `wasmPath`.
 * It has one thread: a run is shorter than waking a second one, and the sums of
 * one thread are the same everywhere.
 *
 * @throws {AppError} RUNTIME_MISSING if the file cannot be read.
 */
export function loadRuntime(wasmPath: string): Promise<OnnxRuntime> {
  loading ??= startRuntime(wasmPath).catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function startRuntime(wasmPath: string): Promise<OnnxRuntime> {
  const program = await readProgram(wasmPath);
  const library = await importLibrary();
  library.env.logLevel = "error";
  library.env.wasm.numThreads = 1;
  // Handed over as bytes, or it would look for the file by itself.
  library.env.wasm.wasmBinary = program;
  return library;
}

async function readProgram(path: string): Promise<ArrayBuffer> {
  try {
    return (await Deno.readFile(path)).buffer;
  } catch (error) {
    throw new AppError(
      "RUNTIME_MISSING",
      `Cannot read the ONNX runtime at ${path}: ${
        (error as Error).message
      }; run "deno install" in the project's folder`,
      { cause: error },
    );
  }
}

async function importLibrary() {
  if (globalThis.location !== undefined) {
    // It makes addresses below this one. That of a worker has the origin "null",
    // which makes none and ends the import; without a location it asks for none.
    Object.defineProperty(globalThis, "location", {
      value: undefined,
      configurable: true,
    });
  }
  return await import("onnxruntime-web/wasm");
}
