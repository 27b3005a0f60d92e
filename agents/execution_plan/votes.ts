import type { HeardSignal } from "../signals/sources.ts";
import type { EnterSignal } from "../../lib/contracts/signal.ts";

/** A source's newest wish to enter. Plain data. */
interface Vote {
  sourceId: string;
  signal: EnterSignal;
}

/** State of {@link SourceVotes}. */
export type SourceVotesSnapshot = Vote[];

/**
 * Whether all sources want the same. The newest wish of each counts until its
 * time is over, the source says otherwise, or the trade is entered.
 */
export class SourceVotes {
  readonly #votes = new Map<string, EnterSignal>();

  /**
   * Notes a signal; answers whether from now on all of `sourceIds` want its
   * side.
   */
  add(
    { sourceId, signal }: HeardSignal,
    { sourceIds, seq }: { sourceIds: readonly string[]; seq: number },
  ): boolean {
    if (signal.kind === "exit") {
      const vote = this.#votes.get(sourceId);
      if (vote?.side === signal.side) this.#votes.delete(sourceId);
      return false;
    }
    this.#votes.set(sourceId, signal);
    return sourceIds.every((id) => {
      const vote = this.#votes.get(id);
      return vote !== undefined && vote.side === signal.side &&
        !isOver(vote, seq);
    });
  }

  /** The trade they agreed on is on its way; they have to agree on the next one anew. */
  clear(): void {
    this.#votes.clear();
  }

  snapshot(): SourceVotesSnapshot {
    return [...this.#votes].map(([sourceId, signal]) => ({
      sourceId,
      signal: structuredClone(signal),
    }));
  }

  restore(votes: SourceVotesSnapshot): void {
    this.#votes.clear();
    for (const { sourceId, signal } of votes) {
      this.#votes.set(sourceId, structuredClone(signal));
    }
  }
}

/** Whether nobody enters a signal any more once a candle is decided. */
export function isOver(
  { expireAfterSeq }: EnterSignal,
  decidedSeq: number,
): boolean {
  return expireAfterSeq !== null && decidedSeq >= expireAfterSeq;
}
