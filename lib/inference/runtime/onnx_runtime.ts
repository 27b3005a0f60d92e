/**
 * The parts of onnxruntime-web that models need. Types of our own, because the
 * package is not among those that every start installs.
 *
 * @module
 */

/** Input or output of a model file. */
export type ValueMetadata =
  | { name: string; isTensor: false }
  | {
    name: string;
    isTensor: true;
    /** Type of its numbers, such as `float32`. */
    type: string;
    /** Sizes; one that the file leaves open is a name. */
    shape: readonly (number | string)[];
  };

/** Numbers with their shape. */
export interface Tensor {
  readonly data: unknown;
}

/** A model file that is loaded. */
export interface InferenceSession {
  readonly inputMetadata: readonly ValueMetadata[];
  readonly outputMetadata: readonly ValueMetadata[];
  /** Computes the outputs of the names in `fetches`. */
  run(
    feeds: Readonly<Record<string, Tensor>>,
    fetches: readonly string[],
  ): Promise<Readonly<Record<string, Tensor>>>;
  /** Frees its memory. */
  release(): Promise<void>;
}

/** How a model file is loaded; the package's own names and words. */
export interface SessionOptions {
  executionProviders: readonly ["wasm"];
  executionMode: "sequential";
  graphOptimizationLevel: "all";
  /** 3 = errors. */
  logSeverityLevel: 3;
}

/** The module. */
export interface OnnxRuntime {
  InferenceSession: {
    create(
      onnx: Uint8Array<ArrayBuffer>,
      options: SessionOptions,
    ): Promise<InferenceSession>;
  };
  Tensor: new (
    type: "float32",
    data: Float32Array,
    shape: readonly number[],
  ) => Tensor;
  env: {
    logLevel: "error";
    wasm: {
      numThreads: number;
      /** The WebAssembly program; without it the module looks for its file. */
      wasmBinary: ArrayBuffer;
    };
  };
}
