import type {
  AuditCheckpoint,
  AuditFault,
  AuditFaultKind,
  AuditRecord,
  AuditStream,
} from "../../contracts/audit_trail.ts";
import {
  type ChainHead,
  hashUnchained,
  ROOT_HASH,
  SEAL_ACTION,
} from "./chain.ts";
import { checkLink, entryOf, isIntact } from "./link_check.ts";

/**
 * Walks one stream from its first entry to its last and finds the first one that
 * does not fit. It keeps no entries, so a trail of any length can be walked.
 */
export class StreamWalk {
  readonly stream: AuditStream;
  #n = 0;
  #hash = ROOT_HASH;
  #hashBefore = ROOT_HASH;
  /** Hash over the entries of older builds; null once the chain has begun. */
  #unchained: string | null = ROOT_HASH;
  #fault: AuditFault | null = null;
  /** An entry with another number than the next one: what became of that one shows later. */
  #odd: AuditRecord | null = null;
  /** The newest entry follows another one than it should: which of the two is bad shows the next. */
  #isDoubtful = false;
  /** Checkpoints that are still ahead, by number of the entry. */
  readonly #ahead = new Map<number, AuditCheckpoint>();
  #lastCheckpoint = 0;
  #furthestCheckpoint: AuditCheckpoint | null = null;

  constructor(stream: AuditStream) {
    this.stream = stream;
  }

  /** Number and hash of the last entry that fits. */
  get place(): { n: number; hash: string } {
    return { n: this.#n, hash: this.#hash };
  }

  /** What was found so far. */
  get fault(): AuditFault | null {
    return this.#fault;
  }

  /** Entries behind the newest checkpoint that was met. */
  get uncovered(): number {
    return this.#n - this.#lastCheckpoint;
  }

  /** Hands a checkpoint in whose signature was found right. */
  expect(checkpoint: AuditCheckpoint): void {
    if (checkpoint.n <= this.#n) {
      this.#compareBehind(checkpoint);
      return;
    }
    const known = this.#ahead.get(checkpoint.n);
    if (known !== undefined && known.hash !== checkpoint.hash) {
      this.note("checkpoint edited", {
        n: checkpoint.n,
        why: "Two signed checkpoints of it name different hashes",
      });
    }
    this.#ahead.set(checkpoint.n, checkpoint);
    if (checkpoint.n > (this.#furthestCheckpoint?.n ?? 0)) {
      this.#furthestCheckpoint = checkpoint;
    }
  }

  /** The next entry. */
  accept(record: AuditRecord): void {
    if (this.#fault !== null) {
      this.#lookForLost(record);
      return;
    }
    if (this.#isDoubtful) this.#settleDoubt(record);
    if (this.#fault !== null) return;
    const expected = this.#n + 1;
    if (record.n === expected) {
      this.#acceptNext(record);
      return;
    }
    this.#odd = record;
    if (record.n > expected) {
      this.note("dropped", { n: expected, why: "It is missing" });
    } else {
      const why = "It stands here a second time";
      this.note("inserted", { n: record.n, why });
    }
  }

  /** A line in the place of the next entry that nobody can read. */
  acceptUnreadable(why: string): void {
    if (this.#fault === null) {
      this.note("unreadable", { n: this.#n + 1, why });
    }
  }

  /** No more entries. `head` is what the store says of the newest one; null where nobody says it. */
  finish(head: ChainHead | null): AuditFault | null {
    if (this.#fault !== null) return this.#fault;
    if (this.#isDoubtful) this.#doubtStays(head);
    const missing = this.#n + 1;
    const signed = this.#furthestCheckpoint;
    if (signed !== null && signed.n > this.#n) {
      const at = new Date(signed.at).toISOString();
      this.note("truncated", {
        n: missing,
        why:
          `The trail ends before it, but a checkpoint signed at ${at} names entry ${signed.n}`,
      });
    } else if (head !== null) this.#compareHead(head);
    return this.#fault;
  }

  #acceptNext(record: AuditRecord): void {
    if (record.hash === null && record.prev === null) {
      this.#acceptUnchained(record);
      return;
    }
    if (!this.#beginChain(record)) return;
    const verdict = checkLink(record, {
      n: this.#n,
      hash: this.#hash,
      hashBefore: this.#hashBefore,
    });
    if (verdict.kind === "bad") {
      this.note(verdict.fault, { n: verdict.n, why: verdict.why });
      return;
    }
    this.#isDoubtful = verdict.kind === "follows another";
    this.#moveOn(record.n, record.hash!);
    if (!this.#isDoubtful) this.#compareCheckpoint();
  }

  #moveOn(n: number, hash: string): void {
    this.#n = n;
    this.#hashBefore = this.#hash;
    this.#hash = hash;
  }

  #acceptUnchained(record: AuditRecord): void {
    if (this.#unchained === null || this.stream !== "commands") {
      this.note("edited", { n: record.n, why: "Its hash was taken away" });
      return;
    }
    const entry = entryOf(record);
    this.#unchained = hashUnchained(this.#unchained, { n: record.n, entry });
    this.#n = record.n;
    // The seal behind them is what a checkpoint covers.
    this.#lastCheckpoint = record.n;
  }

  /** The first entry of the chain seals what older builds have stored. */
  #beginChain(record: AuditRecord): boolean {
    const unchained = this.#unchained;
    this.#unchained = null;
    if (unchained === null || this.#n === 0) return true;
    const { count, hash } = record.detail ?? {};
    const isSealed = record.action === SEAL_ACTION && count === this.#n &&
      hash === unchained;
    // A seal that was changed itself is found by its own hash.
    if (isSealed || !isIntact(record)) return true;
    this.note("edited", {
      n: 1,
      upTo: this.#n,
      why: "One of the entries from before the chain is not what was sealed",
    });
    return false;
  }

  #settleDoubt(next: AuditRecord): void {
    this.#isDoubtful = false;
    const isGenuine = next.n === this.#n + 1 && next.prev === this.#hash;
    const n = isGenuine && this.#n > 1 ? this.#n - 1 : this.#n;
    this.note("edited", {
      n,
      why: "Its hash was made anew: the entry after it follows another one",
    });
  }

  #doubtStays(head: ChainHead | null): void {
    const isGenuine = head?.hash === this.#hash ||
      this.#ahead.get(this.#n)?.hash === this.#hash;
    this.note("edited", {
      n: Math.max(1, this.#n - 1),
      upTo: isGenuine ? Math.max(1, this.#n - 1) : this.#n,
      why: "Its hash was made anew",
    });
  }

  /** After an entry with another number: the next one may stand further on, or right behind it. */
  #lookForLost(record: AuditRecord): void {
    const odd = this.#odd;
    if (odd === null) return;
    const expected = this.#n + 1;
    if (record.n === expected + 1 && !isIntact(odd)) {
      const why = "Its number was changed";
      this.#foundInstead("edited", { n: expected, why });
    } else if (record.n === expected && odd.n > expected) {
      if (isIntact(odd)) {
        const why = "It stands further on";
        this.#foundInstead("swapped", { n: expected, why });
      } else {
        this.#foundInstead("inserted", {
          n: odd.n,
          why: "It was never written",
        });
      }
    } else if (odd.n < expected) this.#odd = null;
  }

  #foundInstead(...found: Parameters<StreamWalk["note"]>): void {
    this.#odd = null;
    this.#fault = null;
    this.note(...found);
  }

  #compareCheckpoint(): void {
    const checkpoint = this.#ahead.get(this.#n);
    if (checkpoint === undefined) return;
    this.#ahead.delete(this.#n);
    this.#compareBehind(checkpoint);
  }

  /** A checkpoint of the entry that was just read. Of an older one only the entry itself could tell. */
  #compareBehind(checkpoint: AuditCheckpoint): void {
    if (checkpoint.n !== this.#n || this.#fault !== null) return;
    if (checkpoint.hash === this.#hash) {
      this.#lastCheckpoint = Math.max(this.#lastCheckpoint, checkpoint.n);
      return;
    }
    this.note("rewritten", {
      n: this.#lastCheckpoint + 1,
      upTo: checkpoint.n,
      why:
        "The hashes fit to each other, but not to the signed checkpoint: they were all made anew",
    });
  }

  #compareHead(head: ChainHead): void {
    if (head.n > this.#n) {
      this.note("truncated", {
        n: this.#n + 1,
        why: `The trail ends before it, but the store counts ${head.n} entries`,
      });
    } else if (head.n < this.#n) {
      this.note("inserted", {
        n: head.n + 1,
        why: `The store counts only ${head.n} entries`,
      });
    } else if (head.hash !== null && head.hash !== this.#hash) {
      this.note("edited", {
        n: this.#n,
        why: "The store remembers another hash of it",
      });
    }
  }

  /** Remembers what is wrong, unless something before it was. */
  note(
    kind: AuditFaultKind,
    { n, upTo = n, why }: { n: number; upTo?: number; why: string },
  ): void {
    if (this.#fault !== null) return;
    const which = upTo > n
      ? `one of the entries ${n} to ${upTo}`
      : `entry ${n}`;
    const detail = `${kind} in the stream ${this.stream}: ${which}. ${why}`;
    this.#fault = { kind, stream: this.stream, n, upTo, detail };
  }
}
