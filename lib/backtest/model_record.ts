/**
 * The votes of a run, kept while it runs and given once more when somebody goes
 * through it: the same votes to the last bit, so the same decisions.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import type { Behavior, Output } from "../../actors/behavior.ts";
import type {
  EngineToInference,
  InferenceToEngine,
  ModelFacts,
  ModelVote,
  ModelVotes,
} from "../contracts/inference.ts";
import { LINKS } from "../contracts/links.ts";
import type { ModelRecord } from "../contracts/model_record.ts";
import { assert } from "../core/assert.ts";
import { RECORDED_VOTES_MAX } from "./limits.ts";
import type { ModelPeer } from "./model_peer.ts";

/** Down, flat, up. */
const SIDES = 3;

/** Models that keep what they answer. */
export class RecordingPeer implements ModelPeer {
  readonly #models: ModelPeer;
  readonly #facts: ModelFacts[] = [];
  readonly #votes: number[] = [];
  readonly #failures: { seq: number; model: string; failure: string }[] = [];
  #fromSeq: number | null = null;
  #nextSeq = 0;
  #isWhole = true;

  constructor(models: ModelPeer) {
    this.#models = models;
  }

  async answer(
    message: EngineToInference,
  ): Promise<readonly InferenceToEngine[]> {
    const answers = await this.#models.answer(message);
    for (const answer of answers) {
      if (answer.type === "ready") this.#facts.push(answer.facts);
      if (answer.type === "votes") this.#keep(answer);
    }
    return answers;
  }

  /** What was said; null for more votes than are kept. */
  finish(): ModelRecord | null {
    if (!this.#isWhole) return null;
    const { buffer } = new Float64Array(this.#votes);
    return {
      v: 1,
      models: this.#facts,
      fromSeq: this.#fromSeq ?? 0,
      votes: Buffer.from(buffer).toString("base64"),
      failures: this.#failures,
    };
  }

  #keep({ seq, votes }: ModelVotes): void {
    this.#fromSeq ??= seq;
    const isNext = this.#votes.length === 0 || seq === this.#nextSeq;
    assert(isNext, "An engine asks about one candle after the other");
    this.#nextSeq = seq + 1;
    this.#isWhole &&= this.#votes.length + SIDES * this.#facts.length <=
      SIDES * RECORDED_VOTES_MAX;
    if (!this.#isWhole) return;
    for (const { name } of this.#facts) {
      const vote = votes.find(({ model }) => model === name);
      const { down, flat, up } = vote?.probabilities ?? NO_VOTE;
      this.#votes.push(down, flat, up);
      const failure = vote?.failure ?? null;
      if (failure !== null) {
        this.#failures.push({ seq, model: name, failure });
      }
    }
  }
}

const NO_VOTE = { down: NaN, flat: NaN, up: NaN };

/** A record as the models that it is of: the same question has the same answer. */
export class RecordedModels {
  readonly #record: ModelRecord;
  readonly #votes: Float64Array;
  readonly #failures: ReadonlyMap<string, string>;

  constructor(record: ModelRecord) {
    this.#record = record;
    // A copy: floats must lie at a multiple of their size.
    const bytes = new Uint8Array(Buffer.from(record.votes, "base64"));
    this.#votes = new Float64Array(bytes.buffer);
    this.#failures = new Map(
      record.failures.map((
        each,
      ) => [`${each.seq} ${each.model}`, each.failure]),
    );
  }

  answer(message: EngineToInference): readonly InferenceToEngine[] {
    const { models } = this.#record;
    if (message.type === "load") {
      return models.map((facts) => ({
        type: "ready",
        model: facts.name,
        facts,
      }));
    }
    const { seq } = message;
    const votes = models.map(({ name }, index) => this.#vote(seq, index, name));
    return [{ type: "votes", seq, votes }];
  }

  #vote(seq: number, index: number, model: string): ModelVote {
    const { models, fromSeq } = this.#record;
    const at = SIDES * ((seq - fromSeq) * models.length + index);
    const [down = NaN, flat = NaN, up = NaN] = this.#votes.subarray(
      at,
      at + SIDES,
    );
    const hasVoted = !Number.isNaN(down);
    return {
      model,
      probabilities: hasVoted ? { down, flat, up } : null,
      failure: this.#failures.get(`${seq} ${model}`) ??
        (hasVoted ? null : "was not asked"),
      computeMs: 0,
    };
  }
}

/**
 * A behaviour whose questions to models are answered from a record at once: it
 * decides within the message that it decides on, as one that asks nobody.
 */
export function withRecordedModels<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
  record: ModelRecord,
): Behavior<Config, Snapshot> {
  const models = new RecordedModels(record);
  return {
    ...behavior,
    start(init) {
      const agent = behavior.start(init);
      const settle = (outputs: readonly Output[]): readonly Output[] =>
        outputs.flatMap((output) => {
          if (output.to !== "link" || output.link !== LINKS.inference) {
            return [output];
          }
          return models.answer(output.message as EngineToInference).flatMap(
            (answer) => settle(agent.receive(LINKS.inference, answer)),
          );
        });
      return {
        linkOpened(link, info) {
          const opened = settle(agent.linkOpened(link, info));
          // The models come last, as in the run itself.
          return link === LINKS.desk
            ? [...opened, ...settle(agent.linkOpened(LINKS.inference, null))]
            : opened;
        },
        receive: (link, message) => settle(agent.receive(link, message)),
        pause: () => settle(agent.pause()),
        resume: () => settle(agent.resume()),
        configure: (config) => agent.configure(config),
        snapshot: () => agent.snapshot(),
        inspect: (query) => agent.inspect(query),
      };
    },
  };
}
