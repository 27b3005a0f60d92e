import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskAccount } from "./account/account.ts";
import type { EndedSegment } from "./journal/storage.ts";
import type { Journal } from "./journal/journal_file.ts";
import { SEGMENT_TRADES_MAX } from "./limits.ts";

/** What a keeper works with. */
export interface SegmentKeeperOptions {
  account: DeskAccount;
  journal: Journal;
  runtime: Pick<ActorRuntime, "report">;
  /** Bytes of ended segments that are kept in any case. */
  endedBytes: number;
}

/**
 * Keeps the journal of one account short: what its records add up to begins a
 * new segment, and old ones go. What an agent may still have to be told, and a
 * good deal for a store that comes back from an older backup, is kept.
 */
export class SegmentKeeper {
  readonly #options: SegmentKeeperOptions;
  /** The agent starts from here or later; unknown until the owner has said so. */
  #releasedSeq = -1;
  /** The step that an agent was told to be missing, so that it is said once. */
  #missingSeq: number | null = null;
  /** Ended segments, oldest first; null before they were listed. */
  #ended: EndedSegment[] | null = null;
  /** Whether the owner knows that the disk takes no new segment. */
  #isRefusalTold = false;

  constructor(options: SegmentKeeperOptions) {
    this.#options = options;
  }

  /** Starts the segment that is due, unless too much is to be stored by the owner first. */
  start({ newestEpoch }: { newestEpoch: number }): void {
    const { account, journal } = this.#options;
    if (account.seq < 0) return;
    if (account.outbox.waitingTrades > SEGMENT_TRADES_MAX) return;
    const segment = journal.segment + 1;
    const entry = account.toSegmentStart({ segment, newestEpoch });
    const refusal = journal.startSegment(entry);
    // A journal that fails as a whole says so by itself.
    if (journal.failure !== null) return;
    if (refusal !== null) return this.#tellRefusal(refusal);
    this.#isRefusalTold = false;
    this.#ended = null;
    this.#drop();
  }

  /** The agent has a stored snapshot after candle `seq`: it will not ask for steps up to there any more. */
  release(seq: number): void {
    if (seq <= this.#releasedSeq) return;
    this.#releasedSeq = seq;
    // Not that step itself: an agent may ask for the one of its last decision again.
    this.#options.account.steps.forgetUntil(seq - 1);
    this.#drop();
  }

  /** Reads steps after `toldSeq` back if memory has forgotten them; false where they cannot be told. */
  recall(toldSeq: number): boolean {
    const { account, journal } = this.#options;
    if (toldSeq >= account.steps.floorSeq) return true;
    if (toldSeq === this.#missingSeq) return false;
    const entries = journal.tryRead(toldSeq);
    if (entries === null) return false;
    try {
      account.recallSteps(entries);
      if (toldSeq >= account.steps.floorSeq) return true;
      this.#tellMissing(toldSeq);
    } catch (error) {
      // One account's damaged past must not end the desk of all others.
      this.#tell(
        `The segments of the journal contradict each other (${
          (error as Error).message
        }): the agent stands still; restore them from a backup, or delete the agent`,
      );
    }
    this.#missingSeq = toldSeq;
    return false;
  }

  /** Removes what is kept beyond its bound and needed by nobody, oldest first. */
  #drop(): void {
    try {
      const ended = this.#ended ??= this.#options.journal.endedSegments();
      let kept = ended.reduce((sum, { bytes }) => sum + bytes, 0);
      while (kept > this.#options.endedBytes) {
        const oldest = ended[0]!;
        // Not `>`, as above.
        if (oldest.lastSeq >= this.#releasedSeq) return;
        oldest.remove();
        ended.shift();
        kept -= oldest.bytes;
      }
    } catch {
      // A disk that does not let go of them is asked again at the next segment.
    }
  }

  #tellRefusal(reason: string): void {
    if (this.#isRefusalTold) return;
    this.#isRefusalTold = true;
    this.#tell(
      `The disk takes no new segment of the journal (${reason}): it goes on in one file, and starts take longer as it grows; ` +
        "put the data folder on a file system with hard links, or free space",
    );
  }

  #tellMissing(toldSeq: number): void {
    const { floorSeq } = this.#options.account.steps;
    this.#tell(
      `The agent starts from candle ${toldSeq}, and its journal is kept from candle ${floorSeq} on: it stands still; ` +
        "restore store and journals from the same backup, or delete the agent",
    );
  }

  #tell(detail: string): void {
    const { account, runtime } = this.#options;
    const { agentId } = account.config;
    runtime.report({ kind: "desk_journal", agentId, isFailing: false, detail });
  }
}
