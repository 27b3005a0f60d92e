import type { DeskId } from "./desk_ids.ts";
import type { AgentEntry } from "./registry.ts";

/**
 * Which desk has which exchange keys since it started, so that each use is told
 * once: when a desk opens with a key, and not for every account of it.
 */
export class KeyUses {
  readonly #given = new Map<DeskId, Set<string>>();
  readonly #tell: (keyId: string, deskId: DeskId) => void;

  constructor(tell: (keyId: string, deskId: DeskId) => void) {
    this.#tell = tell;
  }

  /** A desk starts, or starts again, with these agents: it knows no key of before. */
  deskStarts(deskId: DeskId, agents: readonly AgentEntry[]): void {
    this.#given.delete(deskId);
    for (const agent of agents) this.given(deskId, agent);
  }

  /** The secrets of a key were replaced: no desk has the new ones. */
  rotated(keyId: string): void {
    for (const known of this.#given.values()) known.delete(keyId);
  }

  /** A desk is given the key of an agent, if it trades with one. */
  given(deskId: DeskId, { record }: Pick<AgentEntry, "record">): void {
    const { exchangeKeyId } = record.config;
    if (exchangeKeyId === undefined) return;
    const known = this.#given.get(deskId) ?? new Set();
    this.#given.set(deskId, known);
    if (known.has(exchangeKeyId)) return;
    known.add(exchangeKeyId);
    this.#tell(exchangeKeyId, deskId);
  }
}
