import type { Output } from "../../actors/behavior.ts";
import type {
  EngineToInference,
  InferenceToEngine,
  ModelVotes,
} from "../../lib/contracts/inference.ts";
import type { DetectorConfig } from "../../lib/contracts/strategies.ts";
import { LINKS } from "../../lib/contracts/links.ts";
import { assertNever } from "../../lib/core/assert.ts";
import type { FeatureRows } from "./feature_rows.ts";
import { type HeldVote, type ModelNews, ModelRoster } from "./model_roster.ts";

const NOTHING: readonly Output[] = [];
const NO_NEWS: readonly ModelNews[] = [];

/** What the opening of the link tells of the worker. */
interface WorkerInfo {
  peerEpoch?: number;
  /** Its number among the workers of all starts of the server; left out where they are not counted. */
  workerEpoch?: number;
}

/**
 * Asks the models of an engine about its candles, one candle at a time. A
 * candle whose window is not full, or that no model can be asked about, waits
 * for nobody; any other waits until its votes are here, however long the models
 * take to load: so the same candles give the same decisions at any speed.
 */
export class ModelPanel {
  readonly roster: ModelRoster;
  readonly #rows: FeatureRows;
  /** Newest candle that has to be asked about; −1 for none. */
  #wantedSeq = -1;
  #askedSeq = -1;
  #votes: ModelVotes | null = null;

  constructor(
    options: { models: readonly string[]; detector: DetectorConfig },
    rows: FeatureRows,
  ) {
    this.roster = new ModelRoster(options);
    this.#rows = rows;
  }

  /** Whether the models can be asked about the newest candle, as far as its window goes. */
  get isWarm(): boolean {
    const { longestWindow } = this.roster;
    return longestWindow > 0 && this.#rows.count >= longestWindow;
  }

  /** The link to the worker was opened: it has to load everything anew. */
  open(info: unknown): readonly Output[] {
    const { peerEpoch, workerEpoch } = (info ?? {}) as WorkerInfo;
    this.roster.reopen(workerEpoch ?? peerEpoch ?? null);
    this.#askedSeq = -1;
    this.#votes = null;
    return [this.#load()];
  }

  #load(): Output {
    return toWorker({ type: "load", models: this.roster.names });
  }

  /** The newest row is that of candle `seq`, which is decided next: asks about it when it can be asked. */
  want(seq: number): readonly Output[] {
    this.#wantedSeq = seq;
    return this.#ask();
  }

  /** Takes a message of the worker. */
  take(
    message: InferenceToEngine,
  ): { outputs: readonly Output[]; news: readonly ModelNews[] } {
    switch (message.type) {
      case "loading":
      case "ready":
      case "failed": {
        const news = this.roster.take(message);
        return {
          outputs: this.#ask(),
          news: news === null ? NO_NEWS : [news],
        };
      }
      case "load_again":
        return { outputs: [this.#load()], news: NO_NEWS };
      case "votes":
        if (message.seq === this.#askedSeq) this.#votes = message;
        return { outputs: NOTHING, news: NO_NEWS };
      default:
        return assertNever(message, "message of the inference worker");
    }
  }

  /** Whether all is here that candle `seq` waits for. */
  isReady(seq: number): boolean {
    if (!this.roster.isSettled) return false;
    return !this.isWarm || this.#votes?.seq === seq;
  }

  /** The votes on candle `seq`, judged; each model once. To be called once a candle. */
  judge(
    seq: number,
    options: { isLive: boolean },
  ): { votes: HeldVote[]; news: ModelNews[] } {
    const votes = this.#votes?.seq === seq ? this.#votes.votes : [];
    this.#wantedSeq = -1;
    return this.roster.judge(votes, options);
  }

  #ask(): readonly Output[] {
    const seq = this.#wantedSeq;
    if (seq < 0 || seq === this.#askedSeq) return NOTHING;
    if (!this.roster.isSettled || !this.isWarm) return NOTHING;
    this.#askedSeq = seq;
    const rows = this.#rows.tail(this.roster.longestWindow);
    return [toWorker({ type: "infer", seq, rows })];
  }
}

function toWorker(message: EngineToInference): Output {
  return { to: "link", link: LINKS.inference, message };
}
