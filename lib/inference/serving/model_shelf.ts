import type { ModelManifest } from "../../contracts/model.ts";
import { modelNameSchema } from "../../contracts/model.ts";
import type { InferenceWorkerConfig } from "../../contracts/inference.ts";
import { LatencyHistogram } from "../../core/histogram.ts";
import { MANIFEST_FILE } from "../../contracts/model.ts";
import { loadOnnxModel, type OnnxModel } from "../runtime/onnx_model.ts";
import { LOADED_MODELS_MAX } from "./limits.ts";

/** A model in memory with its books. */
export interface ShelvedModel {
  model: OnnxModel;
  /** What `model.json` said when it was loaded, as text; another text is another model. */
  text: string;
  users: number;
  failures: number;
  /** Times of all runs in ms. */
  times: LatencyHistogram;
}

/** A model, or one sentence on why there is none. */
export type Taken =
  | { ok: true; shelved: ShelvedModel }
  | { ok: false; reason: string };

/**
 * The models that are in memory, each once however many agents use it. One
 * whose files were changed is loaded beside the old one, which stays with the
 * agents that have it.
 */
export class ModelShelf {
  readonly #config: InferenceWorkerConfig;
  readonly #shelved: ShelvedModel[] = [];

  constructor(config: InferenceWorkerConfig) {
    this.#config = config;
  }

  /** All of them, in the order in which they were loaded. */
  get all(): readonly ShelvedModel[] {
    return this.#shelved;
  }

  /** Gives a model to one more user; loads it where it is not in memory. */
  async take(name: string): Promise<Taken> {
    const place = await this.#find(name);
    if (!place.ok) return place;
    const known = this.#shelved.find(({ model, text }) =>
      model.manifest.name === name && text === place.text
    );
    if (known !== undefined) {
      known.users++;
      return { ok: true, shelved: known };
    }
    if (!await this.#makeRoom()) {
      return refuse(
        `The inference worker holds ${LOADED_MODELS_MAX} models that are all in use; stop an agent that uses another model`,
      );
    }
    const loaded = await loadOnnxModel({
      folder: place.folder,
      runtimeFolder: this.#config.runtime.folder,
    });
    if (!loaded.ok) return refuse(loaded.problems.join("; "));
    const fault = nameFault(loaded.value.manifest, name);
    if (fault !== null) {
      await loaded.value.release();
      return refuse(fault);
    }
    const shelved: ShelvedModel = {
      model: loaded.value,
      text: place.text,
      users: 1,
      failures: 0,
      times: new LatencyHistogram(),
    };
    this.#shelved.push(shelved);
    return { ok: true, shelved };
  }

  /** One user less. The model stays in memory for the next one. */
  giveBack(shelved: ShelvedModel): void {
    shelved.users--;
  }

  /** Looks for the folder of a model. */
  async #find(
    name: string,
  ): Promise<
    | { ok: true; folder: string; text: string }
    | { ok: false; reason: string }
  > {
    // The name becomes a part of a path.
    if (!modelNameSchema.safeParse(name).success) {
      return refuse(`"${name}" is not the name of a model`);
    }
    for (const folder of this.#config.modelDirs) {
      const path = `${folder}/${name}`;
      try {
        // deno-lint-ignore no-await-in-loop -- the first folder that has it counts
        const text = await Deno.readTextFile(`${path}/${MANIFEST_FILE}`);
        return { ok: true, folder: path, text };
      } catch (error) {
        if (error instanceof Deno.errors.NotFound) continue;
        return refuse(
          `${path} cannot be read: ${(error as Error).message}`,
        );
      }
    }
    return refuse(
      `There is no model "${name}"; add it with "deno task ml add" or name another`,
    );
  }

  /** Whether there is room for one more; the oldest one without users goes for it. */
  async #makeRoom(): Promise<boolean> {
    if (this.#shelved.length < LOADED_MODELS_MAX) return true;
    const index = this.#shelved.findIndex(({ users }) => users === 0);
    if (index < 0) return false;
    const [idle] = this.#shelved.splice(index, 1);
    await idle!.model.release();
    return true;
  }
}

/** A model is known by the name of its folder. */
function nameFault(manifest: ModelManifest, name: string): string | null {
  return manifest.name === name
    ? null
    : `The folder "${name}" holds a model that calls itself "${manifest.name}"; name both alike`;
}

function refuse(reason: string): { ok: false; reason: string } {
  return { ok: false, reason };
}
