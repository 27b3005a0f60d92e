import type {
  InferenceToEngine,
  ModelFacts,
  ModelVote,
} from "../../lib/contracts/inference.ts";
import type { DetectorConfig } from "../../lib/contracts/strategies.ts";
import { INFERENCE_SLOW_MS, MODEL_FAILURES_MAX } from "./limits.ts";

/** How a model stands with one engine. */
export type ModelState = "loading" | "ready" | "failed" | "degraded";

/** What is told of a model. */
export interface ModelStatus {
  name: string;
  state: ModelState;
  /** Null until it is loaded. */
  title: string | null;
  /** How far the loading is, 0 to 1. */
  part: number;
  /** What its loading waits for, for people; null where it waits for nothing. */
  waitsFor: string | null;
  /** Why it has no vote; null while it has one. */
  reason: string | null;
}

/** Failures of a model that must outlive a restart of the engine: the same votes must count the same. */
export interface RosterSnapshot {
  /** Incarnation of the worker that the failures are of; null where it was not told. */
  workerEpoch: number | null;
  failures: readonly {
    name: string;
    inRow: number;
    /** The failure that made it count as broken, or null. */
    degradedBy: string | null;
    /** Checksum of the model that the failures are of; left out where none was told. */
    onnxSha256?: string;
  }[];
}

/** A change that a person should hear of. */
export interface ModelNews {
  level: "info" | "warning";
  text: string;
}

interface Entry {
  name: string;
  facts: ModelFacts | null;
  part: number;
  waitsFor: string | null;
  failedBecause: string | null;
  inRow: number;
  degradedBy: string | null;
  /** Checksum of the model that was ready last; null before the first. */
  onnxSha256: string | null;
}

/**
 * The models of one engine: which are loaded, and which may vote. A model that
 * gives {@link MODEL_FAILURES_MAX} failures in a row has no vote any more until
 * a new worker has loaded it anew, or another file has taken its place.
 */
export class ModelRoster {
  readonly #entries: readonly Entry[];
  readonly #detector: DetectorConfig;
  #workerEpoch: number | null = null;

  constructor(
    { models, detector }: {
      models: readonly string[];
      detector: DetectorConfig;
    },
  ) {
    this.#detector = detector;
    this.#entries = models.map((name) => ({
      name,
      facts: null,
      part: 0,
      waitsFor: null,
      failedBecause: null,
      inRow: 0,
      degradedBy: null,
      onnxSha256: null,
    }));
  }

  /** Names of all models, in the order of the configuration. */
  get names(): readonly string[] {
    return this.#entries.map(({ name }) => name);
  }

  /** Whether of each model is known if it can be used. */
  get isSettled(): boolean {
    return this.#entries.every(isSettled);
  }

  /** What is known of the models that are loaded, in the order of the configuration. */
  get loaded(): readonly ModelFacts[] {
    return this.#entries.flatMap(({ facts, failedBecause }) =>
      facts !== null && failedBecause === null ? [facts] : []
    );
  }

  /** Candles of the longest window of the loaded models; 0 without one. */
  get longestWindow(): number {
    return this.loaded.reduce(
      (most, { windowCandles }) => Math.max(most, windowCandles),
      0,
    );
  }

  /** How each model stands. */
  list(): ModelStatus[] {
    return this.#entries.map((entry) => ({
      name: entry.name,
      state: stateOf(entry),
      title: entry.facts?.title ?? null,
      part: entry.part,
      waitsFor: isSettled(entry) ? null : entry.waitsFor,
      reason: entry.failedBecause ?? entry.degradedBy,
    }));
  }

  /** The link was opened: all is to be loaded. `workerEpoch` tells whether the worker is the one that was known. */
  reopen(workerEpoch: number | null): void {
    const isSame = workerEpoch === this.#workerEpoch;
    this.#workerEpoch = workerEpoch;
    for (const entry of this.#entries) {
      entry.facts = null;
      entry.part = 0;
      entry.waitsFor = null;
      entry.failedBecause = null;
      if (!isSame) forgive(entry);
    }
  }

  /** Takes what the worker says of the loading of a model; answers with what a person should hear, or null. */
  take(
    message: Extract<InferenceToEngine, { model: string }>,
  ): ModelNews | null {
    const entry = this.#entries.find(({ name }) => name === message.model);
    if (entry === undefined) return null;
    switch (message.type) {
      case "loading":
        entry.part = message.part;
        entry.waitsFor = message.waitsFor;
        return null;
      case "failed":
        entry.failedBecause = message.reason;
        return toFailed(entry);
      case "ready":
        entry.part = 1;
        entry.facts = message.facts;
        followFile(entry, message.facts);
        entry.failedBecause = detectorFault(message.facts, this.#detector);
        return entry.failedBecause === null
          ? { level: "info", text: `${message.facts.title} is ready` }
          : toFailed(entry);
    }
  }

  /**
   * Counts the votes of a candle and answers with those that hold, each model
   * once, in the order of the configuration: a model without one has a failure.
   */
  judge(
    votes: readonly ModelVote[],
    { isLive }: { isLive: boolean },
  ): { votes: HeldVote[]; news: ModelNews[] } {
    const news: ModelNews[] = [];
    const held = this.#entries.map((entry): HeldVote => {
      const failure = failureOf(entry, {
        vote: votes.find(({ model }) => model === entry.name),
        isLive,
      });
      const told = countFailure(entry, failure);
      if (told !== null) news.push(told);
      const vote = votes.find(({ model }) => model === entry.name);
      return {
        model: entry.name,
        probabilities: failure === null ? vote!.probabilities : null,
        failure,
      };
    });
    return { votes: held, news };
  }

  snapshot(): RosterSnapshot {
    return {
      workerEpoch: this.#workerEpoch,
      failures: this.#entries.map(
        ({ name, inRow, degradedBy, onnxSha256 }) => ({
          name,
          inRow,
          degradedBy,
          ...(onnxSha256 === null ? {} : { onnxSha256 }),
        }),
      ),
    };
  }

  restore({ workerEpoch, failures }: RosterSnapshot): void {
    this.#workerEpoch = workerEpoch;
    for (const { name, ...failure } of failures) {
      const entry = this.#entries.find((known) => known.name === name);
      if (entry !== undefined) Object.assign(entry, failure);
    }
  }
}

/** A vote that counts, or why there is none. Plain data without times: the same candles give the same. */
export type HeldVote = Pick<ModelVote, "model" | "probabilities" | "failure">;

function forgive(entry: Entry): void {
  entry.inRow = 0;
  entry.degradedBy = null;
}

/** Another file under the same name is another model: what its predecessor did is not its fault. */
function followFile(entry: Entry, { onnxSha256 }: ModelFacts): void {
  const before = entry.onnxSha256;
  entry.onnxSha256 = onnxSha256;
  if (before !== null && before !== onnxSha256) forgive(entry);
}

function isSettled({ facts, failedBecause }: Entry): boolean {
  return facts !== null || failedBecause !== null;
}

function stateOf(entry: Entry): ModelState {
  if (entry.failedBecause !== null) return "failed";
  if (entry.facts === null) return "loading";
  return entry.degradedBy === null ? "ready" : "degraded";
}

function toFailed({ name, failedBecause }: Entry): ModelNews {
  return {
    level: "warning",
    text: `Model ${name} cannot be used: ${failedBecause}`,
  };
}

/** A model knows nothing of features that other detectors find. */
function detectorFault(
  facts: ModelFacts,
  own: DetectorConfig,
): string | null {
  const differing = (Object.keys(facts.detector) as (keyof DetectorConfig)[])
    .filter((key) => facts.detector[key] !== own[key]);
  if (differing.length === 0) return null;
  return `it was trained with detector settings ${
    differing.map((key) => `${key} ${facts.detector[key]}`).join(", ")
  }; the agent has ${differing.map((key) => `${key} ${own[key]}`).join(", ")}`;
}

function failureOf(
  entry: Entry,
  { vote, isLive }: { vote: ModelVote | undefined; isLive: boolean },
): string | null {
  if (entry.failedBecause !== null) return entry.failedBecause;
  if (entry.facts === null) return "is not loaded";
  if (vote === undefined) return "gave no answer";
  if (vote.failure !== null) return vote.failure;
  if (!isSound(vote)) return "gave no probabilities";
  return isLive && vote.computeMs > INFERENCE_SLOW_MS
    ? `took ${
      vote.computeMs.toFixed(0)
    } ms, at most ${INFERENCE_SLOW_MS} are allowed`
    : entry.degradedBy;
}

/** The worker has checked this; nothing is traded on what one of two would have let pass. */
function isSound({ probabilities }: ModelVote): boolean {
  if (probabilities === null) return false;
  const { down, flat, up } = probabilities;
  return down >= 0 && flat >= 0 && up >= 0 &&
    Math.abs(down + flat + up - 1) < 1e-6;
}

/** A model that did not load is no failure of a run. */
function countFailure(entry: Entry, failure: string | null): ModelNews | null {
  if (!isSettled(entry) || entry.failedBecause !== null) return null;
  if (entry.degradedBy !== null) return null;
  if (failure === null) {
    entry.inRow = 0;
    return null;
  }
  entry.inRow++;
  if (entry.inRow < MODEL_FAILURES_MAX) return null;
  entry.degradedBy =
    `gave ${MODEL_FAILURES_MAX} failures in a row; the last one ${failure}`;
  return {
    level: "warning",
    text:
      `Model ${entry.name} has no vote until it is loaded anew: it ${entry.degradedBy}`,
  };
}
