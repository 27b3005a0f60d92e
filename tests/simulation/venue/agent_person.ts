import { LINKS } from "../../../lib/contracts/links.ts";
import type { DeskStepped } from "../../../lib/contracts/links.ts";
import { createRng } from "../../../lib/core/rng.ts";
import type { DeskProcess } from "./desk_process.ts";
import { decideWithParts } from "./parts_trader.ts";
import { decideAtRandom, randomIntent } from "./trader.ts";

/** Number within its candle of an intent that only an earlier incarnation sends. */
export const ZOMBIE_NUMBER = 9;

/** What an agent lives in. */
export interface AgentPersonOptions {
  seed: number;
  eagerness: number;
  usesParts: boolean;
  random: () => number;
  price(): number;
}

/**
 * The agent at the other end: each time the desk or it starts again it is a new
 * incarnation, which goes on a few decisions before where it was, as from a
 * snapshot.
 */
export class AgentPerson {
  isResting = false;
  readonly #options: AgentPersonOptions;
  #epoch = 0;
  #decidedSeq = -1;
  #desk: DeskProcess | null = null;
  #intents: string[] = [];

  constructor(options: AgentPersonOptions) {
    this.#options = options;
  }

  /** A new incarnation at this desk. */
  attach(desk: DeskProcess): void {
    this.#desk = desk;
    this.#epoch += 2;
    const back = Math.floor(this.#options.random() * 3);
    this.#decidedSeq = Math.max(-1, this.#decidedSeq - back);
    this.#open(desk, this.#epoch);
    this.#say({ type: "attached", decidedSeq: this.#decidedSeq });
  }

  /** An earlier incarnation that is not dead gets a link and wants to trade; then the living one comes back. */
  haunt(desk: DeskProcess, seq: number): void {
    const { next } = createRng(this.#options.seed + seq);
    this.#open(desk, this.#epoch - 1);
    this.#say({ type: "attached", decidedSeq: seq - 1 });
    const price = this.#options.price();
    const intent = randomIntent({ seq, number: ZOMBIE_NUMBER, price, next });
    this.#say({
      type: "decided",
      seq,
      actions: [{ kind: "submit", intent }],
    });
    this.attach(desk);
  }

  hear(message: DeskStepped): void {
    const { seed, eagerness, price, usesParts } = this.#options;
    if (message.type !== "stepped" || message.seq <= this.#decidedSeq) return;
    this.#decidedSeq = message.seq;
    const decide = usesParts ? decideWithParts : decideAtRandom;
    const actions = this.isResting ? [] : decide(message, {
      seed,
      price: price(),
      eagerness,
      intents: this.#intents,
    });
    this.#say({ type: "decided", seq: message.seq, actions });
  }

  #open(desk: DeskProcess, peerEpoch: number): void {
    desk.deliver(
      "link agent",
      (handlers) =>
        handlers.linkOpened!(LINKS.agentOf(AGENT_ID), {
          peerId: AGENT_ID,
          peerEpoch,
        }),
    );
  }

  #say(message: { type: string } & Record<string, unknown>): void {
    this.#desk?.deliver(
      `agent ${message.type}`,
      (handlers) =>
        void handlers.receive(
          LINKS.agentOf(AGENT_ID),
          structuredClone(message),
        ),
    );
  }
}

/** The one agent of a world. */
export const AGENT_ID = "agt_1";
