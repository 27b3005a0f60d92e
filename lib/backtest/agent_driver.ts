import type { BehaviorInstance, Output } from "../../actors/behavior.ts";
import type { AgentWorkerConfig } from "../contracts/agent.ts";
import type { EngineToInference } from "../contracts/inference.ts";
import {
  type AgentDecided,
  type CandleBatch,
  type DeskStepped,
  LINKS,
} from "../contracts/links.ts";
import { assert } from "../core/assert.ts";
import type { BacktestOptions } from "./engine.ts";
import type { ModelPeer } from "./model_peer.ts";
import { AGENT_ID, agentConfig } from "./run_setup.ts";

/** The agent of a run: what the desk and the models tell it, and what it decides. */
export class AgentDriver {
  readonly #agent: BehaviorInstance<AgentWorkerConfig, unknown>;
  readonly #models: ModelPeer | undefined;
  #decided: AgentDecided | null = null;
  /** Messages to the models that were not sent yet, in order. */
  readonly #requests: EngineToInference[] = [];
  #areModelsOpen = false;

  constructor(options: BacktestOptions, startSeq: number) {
    this.#models = options.models;
    this.#agent = options.behavior.start({
      actorId: AGENT_ID,
      config: agentConfig(options, startSeq),
      snapshot: null,
    });
    this.#agent.linkOpened(LINKS.feed, null);
    this.#agent.linkOpened(LINKS.desk, null);
  }

  /** Hands candles over. */
  takeCandles(batch: CandleBatch): void {
    const early = this.#agent.receive(LINKS.feed, batch);
    assert(early.length === 0, "An agent must not decide before its desk");
  }

  /** What the agent decides after a step of the desk; null where it decides nothing by itself. */
  decide(stepped: DeskStepped): AgentDecided | null {
    this.#decided = null;
    this.#take(this.#agent.receive(LINKS.desk, stepped));
    return this.#decided;
  }

  /** The same, with the models asked as long as it asks them. */
  async decideAsking(stepped: DeskStepped): Promise<AgentDecided | null> {
    this.decide(stepped);
    if (this.#requests.length > 0) await this.#ask();
    return this.#decided;
  }

  /** Opens the link to the models, once, and has them loaded. */
  async openModels(): Promise<void> {
    if (this.#areModelsOpen) return;
    this.#areModelsOpen = true;
    this.#take(this.#agent.linkOpened(LINKS.inference, null));
    await this.#ask();
  }

  async #ask(): Promise<void> {
    for (
      let request = this.#requests.shift();
      request !== undefined;
      request = this.#requests.shift()
    ) {
      // deno-lint-ignore no-await-in-loop -- what is asked next depends on the answer
      for (const answer of await this.#models!.answer(request)) {
        this.#take(this.#agent.receive(LINKS.inference, answer));
      }
    }
  }

  #take(outputs: readonly Output[]): void {
    for (let index = 0; index < outputs.length; index++) {
      const output = outputs[index]!;
      if (output.to !== "link") continue;
      if (output.link === LINKS.desk) {
        this.#decided = output.message as AgentDecided;
      } else if (output.link === LINKS.inference) {
        this.#requests.push(output.message as EngineToInference);
      }
    }
  }
}
