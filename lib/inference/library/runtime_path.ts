/** The runtime's program, below the root of the project. */
export const RUNTIME_WASM =
  "node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm";

/** Path of the runtime's program. A file of its own: who names the path need not load what reads it. */
export function runtimePath(root: URL): string {
  return decodeURIComponent(new URL(RUNTIME_WASM, root).pathname);
}
