/**
 * A model that runs: loaded from its package, checked, tried out.
 *
 * @module
 */
import type { ModelManifest } from "../../contracts/model.ts";
import { assert } from "../../core/assert.ts";
import { RUNTIME_ERROR_CHARACTERS } from "./limits.ts";
import {
  type Checked,
  type ModelPackage,
  readPackage,
} from "./model_package.ts";
import { ModelWindow } from "./model_window.ts";
import { type Answer, toAnswer } from "./probabilities.ts";
import { loadRuntime } from "./runtime.ts";
import type { InferenceSession, OnnxRuntime, Tensor } from "./onnx_runtime.ts";
import { findShapeProblems } from "./shapes.ts";
import { tryOut } from "./trial.ts";

/** Where a model and the runtime lie. */
export interface ModelPlace {
  /** Folder of the package. */
  folder: string;
  /** Folder of the runtime, see runtimePlace. */
  runtimeFolder: string;
}

/**
 * Loads the model of a folder. Everything that can be wrong with it is found
 * here, so that what comes back answers: the description, the sum of the file,
 * its features, its input and output, and a trial run on zeros and on seeded
 * random windows.
 *
 * @throws {AppError} RUNTIME_MISSING if there is no runtime to run it with.
 */
export async function loadOnnxModel(
  { folder, runtimeFolder }: ModelPlace,
): Promise<Checked<OnnxModel>> {
  const files = await readPackage(folder);
  if (!files.ok) return files;
  return await openOnnxModel(files.value, await loadRuntime(runtimeFolder));
}

/** The same of a package that is in memory. */
export async function openOnnxModel(
  files: ModelPackage,
  runtime: OnnxRuntime,
): Promise<Checked<OnnxModel>> {
  const { name } = files.manifest;
  let session: InferenceSession;
  try {
    session = await runtime.InferenceSession.create(files.onnx, {
      executionProviders: ["wasm"],
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
  } catch (error) {
    return refuse([
      `${name}: the runtime cannot load model.onnx: ${
        shorten(error)
      }; export it with operators of the ONNX standard, weights inside the file`,
    ]);
  }
  const problems = findShapeProblems(files.manifest, session);
  if (problems.length > 0) {
    await session.release();
    return refuse(problems.map((problem) => `${name}: ${problem}`));
  }
  const model = new OnnxModel(files.manifest, { session, runtime });
  const failure = await tryOut(model);
  if (failure === null) return { ok: true, value: model };
  await model.release();
  return refuse([`${name}: ${failure}`]);
}

/**
 * A model in memory. A run is of one window and of nothing else, so that the
 * same window gives the same bits whatever other windows there are. Its buffers
 * are made once.
 */
export class OnnxModel {
  readonly manifest: ModelManifest;
  readonly #session: InferenceSession;
  readonly #window: ModelWindow;
  readonly #feeds: Record<string, Tensor>;
  readonly #fetches: readonly string[];
  #isRunning = false;

  /** Use {@link loadOnnxModel}, which checks first. */
  constructor(
    manifest: ModelManifest,
    { session, runtime }: { session: InferenceSession; runtime: OnnxRuntime },
  ) {
    this.manifest = manifest;
    this.#session = session;
    this.#window = new ModelWindow(manifest);
    this.#feeds = {
      [manifest.input.name]: new runtime.Tensor(
        "float32",
        this.#window.values,
        [
          1,
          manifest.windowCandles,
          manifest.features.length,
        ],
      ),
    };
    this.#fetches = [manifest.output.name];
  }

  /**
   * Answers the window that ends with row `lastRow` of `rows`: rows as
   * FeatureStream gives them, all features and not normalised, FEATURE_COUNT
   * numbers each, oldest first. The rows are read before the first await.
   *
   * @throws {DefectError} If there are fewer than `windowCandles` rows up to
   * `lastRow`, or another run is under way.
   */
  async answer(rows: Float32Array, lastRow: number): Promise<Answer> {
    assert(!this.#isRunning, "A model answers one window at a time");
    if (!this.#window.fill(rows, lastRow)) {
      return { ok: false, failure: "got a feature that is not finite" };
    }
    return await this.#run();
  }

  /** Answers one window that is normalised already: `[windowCandles, features]`. */
  async answerNormalized(window: Float32Array): Promise<Answer> {
    assert(!this.#isRunning, "A model answers one window at a time");
    assert(
      window.length === this.#window.values.length,
      `A window has ${this.#window.values.length} numbers, was ${window.length}`,
    );
    this.#window.values.set(window);
    return await this.#run();
  }

  async #run(): Promise<Answer> {
    this.#isRunning = true;
    try {
      const outputs = await this.#session.run(this.#feeds, this.#fetches);
      const output = outputs[this.manifest.output.name]!;
      return toAnswer(output.data as Float32Array, {
        meaning: this.manifest.output.meaning,
        temperature: this.manifest.temperature,
      });
    } catch (error) {
      // Whatever the program left behind in its memory, nobody may go on with it.
      if (error instanceof WebAssembly.RuntimeError) throw error;
      return { ok: false, failure: `could not be run: ${shorten(error)}` };
    } finally {
      this.#isRunning = false;
    }
  }

  /** Frees its memory; it answers nothing afterwards. */
  async release(): Promise<void> {
    await this.#session.release();
  }
}

/** The runtime's own words in one line, without a full stop. */
function shorten(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").replace(/[.\s]+$/, "").slice(
    0,
    RUNTIME_ERROR_CHARACTERS,
  );
}

function refuse(
  problems: readonly string[],
): { ok: false; problems: readonly string[] } {
  return { ok: false, problems };
}
