/**
 * The first and the last line of a recorded session, and what is counted for
 * the last one.
 *
 * @module
 */
import { createHash, type Hash } from "node:crypto";
import type { EpochMs } from "../../contracts/primitives.ts";
import { chainDecisionsHash, EMPTY_DECISIONS_HASH } from "./decisions_hash.ts";

/** How the first line names the format. */
export const SESSION_FORMAT = "smc-fleet-session";
/** Version of the format that this build reads and writes. */
export const SESSION_VERSION = 1;

/** What a recording says of itself at its end. */
export interface SessionFooter {
  turns: number;
  /** Decisions that asked for something. */
  decisions: number;
  decisionsHash: string;
  /** SHA-256 over all lines of turns. */
  turnsHash: string;
  /** Why the recording ended before its agent did; left out where it did not. */
  reason?: string;
}

/** The first line, with its line break. `startedAt` is real time, where there is such a thing. */
export function headLine(
  behavior: string,
  startedAt: EpochMs | null,
): string {
  const head = { format: SESSION_FORMAT, v: SESSION_VERSION, behavior };
  return `${
    JSON.stringify(startedAt === null ? head : { ...head, startedAt })
  }\n`;
}

/** Counts and hashes the lines of turns as they are written. */
export class SessionTotals {
  readonly #hash: Hash = createHash("sha256");
  #turns = 0;
  #decisions = 0;
  #decisionsHash = EMPTY_DECISIONS_HASH;

  /** Takes lines of turns, each with its line break, and the texts of the decisions in them. */
  add(
    block: { lines: string; turns: number; decisions: readonly string[] },
  ): void {
    // Line breaks are no part of the hash; inside a line there are none.
    this.#hash.update(block.lines.replaceAll("\n", ""));
    this.#turns += block.turns;
    this.#decisions += block.decisions.length;
    this.#decisionsHash = chainDecisionsHash(
      this.#decisionsHash,
      block.decisions,
    );
  }

  /** Ends the count; called once. `reason` is why the recording ends before its agent, if it does. */
  end(reason: string | null): SessionFooter {
    return {
      turns: this.#turns,
      decisions: this.#decisions,
      decisionsHash: this.#decisionsHash,
      turnsHash: this.#hash.digest("hex"),
      ...(reason === null ? {} : { reason }),
    };
  }
}

/** The last line, with its line break. */
export function footerLine(footer: SessionFooter): string {
  return `${JSON.stringify({ end: footer })}\n`;
}
