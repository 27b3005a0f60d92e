/**
 * Messages that reached nobody are kept for a person to look at. A broken
 * sender may make a flood of them: the first of a kind is kept at once, the
 * rest as one with its count.
 *
 * @module
 */
import type { SupervisorEvent } from "../../actors/mod.ts";
import {
  DEAD_LETTER_MEANINGS,
  type DeadLetter,
} from "../contracts/dead_letter.ts";
import type { FleetContext } from "./context.ts";
import { DEAD_LETTER_KINDS_MAX, DEAD_LETTER_WINDOW_MS } from "./limits.ts";
import { platformName } from "./sentences.ts";

type LostMessage = Extract<SupervisorEvent, { type: "dead_letter" }>;

/** Letters of one kind since the first of them was kept. */
interface Kind {
  newest: LostMessage;
  more: number;
}

/** Keeps dead letters in the store and tells of them in the log. */
export class DeadLetterKeeper {
  readonly #context: FleetContext;
  readonly #kinds = new Map<string, Kind>();
  /** Letters of kinds beyond the limit. */
  #uncounted = 0;
  #timer: { cancel(): void } | null = null;

  constructor(context: FleetContext) {
    this.#context = context;
  }

  /** Takes one letter. */
  take(letter: LostMessage): void {
    const key = `${letter.id} ${letter.reason} ${letter.link}`;
    const known = this.#kinds.get(key);
    if (known !== undefined) {
      known.newest = letter;
      known.more++;
      return;
    }
    if (this.#kinds.size >= DEAD_LETTER_KINDS_MAX) {
      this.#uncounted++;
      return;
    }
    this.#kinds.set(key, { newest: letter, more: 0 });
    this.#keep(letter, 0);
    this.#timer ??= this.#context.clock.after(
      DEAD_LETTER_WINDOW_MS,
      () => this.#endWindow(),
    );
  }

  /** Keeps what was only counted so far. */
  close(): void {
    this.#timer?.cancel();
    this.#endWindow();
  }

  #endWindow(): void {
    this.#timer = null;
    const kinds = [...this.#kinds.values()];
    this.#kinds.clear();
    for (const { newest, more } of kinds) {
      if (more > 0) this.#keep(newest, more);
    }
    const uncounted = this.#uncounted;
    this.#uncounted = 0;
    if (uncounted > 0) {
      this.#log(
        null,
        `${uncounted} further messages of many kinds reached nobody`,
      );
    }
  }

  #keep(letter: LostMessage, more: number): void {
    const { agents, clock, store, track } = this.#context;
    const entry = agents.find(letter.id);
    const detail = more === 0
      ? letter.detail
      : `${letter.detail}, the newest of ${more} more like it`;
    const kept: Omit<DeadLetter, "n"> = {
      at: clock.nowMs(),
      actorId: letter.id,
      agentId: entry === undefined ? null : letter.id,
      agentName: entry?.record.config.name ?? null,
      epoch: letter.epoch,
      reason: letter.reason,
      link: letter.link,
      detail,
    };
    track(store.deadLetters.append(kept), "keep a dead letter");
    this.#log(
      letter.id,
      `A message reached nobody (${detail}): ${
        DEAD_LETTER_MEANINGS[letter.reason]
      }`,
    );
  }

  #log(actorId: string | null, message: string): void {
    const { agents, clock, log } = this.#context;
    const entry = actorId === null ? undefined : agents.find(actorId);
    log({
      level: "warning",
      category: "system",
      agentId: entry?.record.id ?? null,
      agentName: entry?.record.config.name ?? null,
      message: actorId === null || entry !== undefined
        ? message
        : `${platformName(actorId)}: ${message}`,
      at: clock.nowMs(),
      marketAt: null,
    });
  }
}
