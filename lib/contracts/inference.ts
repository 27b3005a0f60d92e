/**
 * Messages between a decision engine and the inference worker. When the link
 * opens, the engine says which models it needs and hears of each whether it is
 * ready. From then on it asks about one candle at a time and waits for the
 * votes. The worker keeps nothing of an engine but what it loaded for it: each
 * request has all that the answer depends on, so either end may start anew at
 * any time.
 *
 * @module
 */
import type { Timeframe } from "./candle.ts";
import type { ModelKind } from "./model.ts";
import type { DetectorConfig } from "./strategies.ts";

/** Engine → worker, first message on the link. */
export interface LoadModels {
  type: "load";
  models: readonly string[];
}

/** Engine → worker: what do the models think at the close of candle `seq`? */
export interface InferRequest {
  type: "infer";
  seq: number;
  /**
   * Rows of all features, as FeatureStream gives them and not normalised,
   * oldest first, the last one that of candle `seq`. At least as many as the
   * longest window of the engine's models has.
   */
  rows: Float32Array;
}

export type EngineToInference = LoadModels | InferRequest;

/** What a model thinks of the next candles; the three sum to 1. */
export interface Probabilities {
  down: number;
  flat: number;
  up: number;
}

/** Worker → engine: how far the loading of a model is. */
export interface ModelLoading {
  type: "loading";
  model: string;
  /** 0 to 1. */
  part: number;
  /** What it waits for, for people; null where it waits for nothing. */
  waitsFor: string | null;
}

/** Worker → engine: what its models waited for is here; ask for them once more. */
export interface LoadAgain {
  type: "load_again";
}

/** What an engine has to know of a model. */
export interface ModelFacts {
  name: string;
  title: string;
  kind: ModelKind;
  windowCandles: number;
  features: readonly string[];
  /** Statistics of its training window, in the order of `features`. */
  mean: readonly number[];
  deviation: readonly number[];
  timeframes: readonly Timeframe[];
  horizonCandles: number;
  /** All settings of the detectors whose features it was trained on. */
  detector: DetectorConfig;
  onnxSha256: string;
}

/** Worker → engine: the model is loaded and answers. */
export interface ModelReady {
  type: "ready";
  model: string;
  facts: ModelFacts;
}

/** Worker → engine: the model cannot be used, with a sentence for people. */
export interface ModelFailed {
  type: "failed";
  model: string;
  reason: string;
}

/** What came of one model's run; either probabilities or a failure. */
export interface ModelVote {
  model: string;
  probabilities: Probabilities | null;
  /** Why there is none, as a part of a sentence after the model's name. */
  failure: string | null;
  /** Time of the run in the worker. */
  computeMs: number;
}

/** Worker → engine: the answer to the request about candle `seq`; one vote for each model that is ready. */
export interface ModelVotes {
  type: "votes";
  seq: number;
  votes: readonly ModelVote[];
}

export type InferenceToEngine =
  | ModelLoading
  | LoadAgain
  | ModelReady
  | ModelFailed
  | ModelVotes;

/** Question to the inference worker: what it holds. */
export interface InferenceQuery {
  type: "models";
}

/** One model that is in memory. */
export interface LoadedModel {
  name: string;
  /** How many agents asked for it. */
  users: number;
  runs: number;
  /** Runs that gave no vote. */
  failures: number;
  computeMsP50: number | null;
  computeMsP99: number | null;
}

/** A model that the server knows, for people and programs: `GET /api/models`. Unknown is null. */
export interface ModelInfo {
  /** Name of its folder. */
  name: string;
  /** Whether it came with the product or was brought by its users. */
  origin: "shipped" | "own";
  /** What is wrong with its description; empty where nothing is. The file itself is checked when it is loaded. */
  problems: readonly string[];
  /** Null where the description cannot be read. */
  description: ModelDescription | null;
  /** Its books in the inference worker; null while nobody uses it. */
  loaded: LoadedModel | null;
}

/** What a model's description says to those who choose one. */
export interface ModelDescription {
  title: string;
  kind: ModelKind;
  timeframes: readonly Timeframe[];
  windowCandles: number;
  horizonCandles: number;
  features: number;
  /** All settings of the detectors whose features it was trained on. */
  detector: DetectorConfig;
  licence: string;
  /** Whether it beat its baselines out of sample; null where nobody tried. */
  beatsBaselines: boolean | null;
  /** One sentence on how good it is. */
  verdict: string;
}

/** Where the ONNX runtime is, or will be once it was fetched. */
export interface RuntimePlace {
  /** Folder of the runtime alone: its package, and the file that says how it stands. */
  folder: string;
  /** File by which a server asks its parent process to fetch it; null where nobody is asked. */
  requestPath: string | null;
}

/** How the ONNX runtime of this server stands, for people and programs. */
export interface RuntimeStatus {
  state: "absent" | "fetching" | "installed" | "failed";
  /** The same in one sentence, with what to do where something is to do. */
  detail: string;
}

/** Start configuration of the inference worker. */
export interface InferenceWorkerConfig {
  runtime: RuntimePlace;
  /** Folders of models; a name is looked for in this order. */
  modelDirs: readonly string[];
}
