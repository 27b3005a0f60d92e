/**
 * Holds the models of all decision engines of an isolate and answers one request
 * at a time, in the order of arrival. What waits, waits in the credit of its
 * link.
 *
 * @module
 */
import { FEATURE_COUNT } from "../../../agents/decision/feature_list.ts";
import type {
  EngineToInference,
  InferenceQuery,
  InferenceToEngine,
  InferenceWorkerConfig,
  InferRequest,
  LoadedModel,
  ModelFacts,
  ModelVote,
} from "../../contracts/inference.ts";
import type { ModelManifest } from "../../contracts/model.ts";
import { detectorConfigSchema } from "../../contracts/strategies.ts";
import { assert, assertNever } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import { AGENT_MODELS_MAX } from "./limits.ts";
import { ModelShelf, type ShelvedModel, type Taken } from "./model_shelf.ts";

/** What a server works with. */
export interface InferenceServerOptions {
  config: InferenceWorkerConfig;
  /** Milliseconds of a clock that only goes forward. */
  monotonicMs(): number;
  /** Sends an answer on the link of an engine. */
  send(link: string, message: InferenceToEngine): void;
}

/** See the module's description. Messages must come one at a time. */
export class InferenceServer {
  readonly #options: InferenceServerOptions;
  readonly #shelf: ModelShelf;
  /** Models of each engine, by its link. */
  readonly #models = new Map<string, ShelvedModel[]>();

  constructor(options: InferenceServerOptions) {
    this.#options = options;
    this.#shelf = new ModelShelf(options.config);
  }

  /** Takes a message of an engine; resolves when its answer is sent. */
  async receive(link: string, message: EngineToInference): Promise<void> {
    switch (message.type) {
      case "load":
        return await this.#load(link, message.models);
      case "infer":
        return await this.#infer(link, message);
      default:
        assertNever(message, "message to the inference worker");
    }
  }

  /** The engine of a link is gone. */
  forget(link: string): void {
    for (const shelved of this.#models.get(link) ?? []) {
      this.#shelf.giveBack(shelved);
    }
    this.#models.delete(link);
  }

  /** What is in memory. */
  answer(query: InferenceQuery): LoadedModel[] {
    assert(query.type === "models", `Unknown question "${query.type}"`);
    return this.#shelf.all.map(({ model, users, failures, times }) => ({
      name: model.manifest.name,
      users,
      runs: times.count,
      failures,
      computeMsP50: times.percentile(0.5),
      computeMsP99: times.percentile(0.99),
    }));
  }

  async #load(link: string, names: readonly string[]): Promise<void> {
    this.forget(link);
    const models: ShelvedModel[] = [];
    this.#models.set(link, models);
    for (const [index, name] of names.entries()) {
      this.#send(link, {
        type: "loading",
        model: name,
        part: 0,
        waitsFor: null,
      });
      // deno-lint-ignore no-await-in-loop -- one after the other, as memory allows
      const taken = await this.#take(name, index);
      if (taken.ok) {
        // The link may have been closed while the model was loaded.
        if (this.#models.get(link) !== models) {
          this.#shelf.giveBack(taken.shelved);
          return;
        }
        models.push(taken.shelved);
        const facts = toFacts(taken.shelved.model.manifest);
        this.#send(link, {
          type: "loading",
          model: name,
          part: 1,
          waitsFor: null,
        });
        this.#send(link, { type: "ready", model: name, facts });
      } else {
        this.#send(link, { type: "failed", model: name, reason: taken.reason });
      }
    }
  }

  async #take(name: string, index: number): Promise<Taken> {
    if (index >= AGENT_MODELS_MAX) {
      return {
        ok: false,
        reason: `An agent may ask for ${AGENT_MODELS_MAX} models; name fewer`,
      };
    }
    try {
      return await this.#shelf.take(name);
    } catch (error) {
      if (error instanceof AppError) {
        return { ok: false, reason: error.message };
      }
      throw error;
    }
  }

  async #infer(link: string, { seq, rows }: InferRequest): Promise<void> {
    const votes: ModelVote[] = [];
    for (const shelved of this.#models.get(link) ?? []) {
      // deno-lint-ignore no-await-in-loop -- there is one thread for all of them
      votes.push(await this.#vote(shelved, rows));
    }
    this.#send(link, { type: "votes", seq, votes });
  }

  async #vote(shelved: ShelvedModel, rows: Float32Array): Promise<ModelVote> {
    const { manifest } = shelved.model;
    const { monotonicMs } = this.#options;
    const count = rows.length / FEATURE_COUNT;
    const startMs = monotonicMs();
    // A request that is wrong must not end the worker that others wait for.
    const answer = Number.isInteger(count) && count >= manifest.windowCandles
      ? await shelved.model.answer(rows, count - 1)
      : {
        ok: false as const,
        failure:
          `got ${count} candles, ${manifest.windowCandles} are its window`,
      };
    const computeMs = monotonicMs() - startMs;
    shelved.times.record(computeMs);
    if (!answer.ok) shelved.failures++;
    return {
      model: manifest.name,
      probabilities: answer.ok ? answer.probabilities : null,
      failure: answer.ok ? null : answer.failure,
      computeMs,
    };
  }

  /** A link that was closed meanwhile wants no answer. */
  #send(link: string, message: InferenceToEngine): void {
    if (this.#models.has(link)) this.#options.send(link, message);
  }
}

function toFacts(manifest: ModelManifest): ModelFacts {
  return {
    name: manifest.name,
    title: manifest.title,
    kind: manifest.kind,
    windowCandles: manifest.windowCandles,
    features: manifest.features,
    mean: manifest.normalization.mean,
    deviation: manifest.normalization.deviation,
    timeframes: manifest.timeframes,
    horizonCandles: manifest.horizonCandles,
    detector: detectorConfigSchema.parse(manifest.detector),
    onnxSha256: manifest.onnxSha256,
  };
}
