import type { InHand } from "../errors.ts";
import { fingerprintText } from "../fingerprint.ts";
import { POISON_CRASHES, POISON_MEMORY_MAX } from "../limits.ts";
import type { Failure } from "./restart_policy.ts";

/** A message that was in hand at two crashes. */
export interface PoisonFinding extends InHand {
  /** What the second crash said. */
  message: string;
}

/** What is known of a crash once its message in hand was compared with those of the crashes before. */
export interface PoisonVerdict {
  /** Set at the second crash with this message in hand. */
  finding: PoisonFinding | null;
  /** Why no further attempt makes sense, or null. */
  quarantine: string | null;
}

interface Crash {
  atMs: number;
  link: string;
  digest: string;
  causeHash: string;
}

const NO_SUSPICION: PoisonVerdict = { finding: null, quarantine: null };

/**
 * Remembers which messages were in hand at recent crashes. Pure: time is
 * handed in. A message that fails its taker three times in the same way would
 * fail it a fourth time, so the rest of the budget is not spent on it.
 */
export class PoisonMemory {
  readonly #windowMs: number;
  #crashes: Crash[] = [];

  constructor(options: { windowMs: number }) {
    this.#windowMs = options.windowMs;
  }

  /** Judges one crash. A crash without a message in hand says nothing about any message. */
  judge(failure: Failure, nowMs: number): PoisonVerdict {
    const { inHand, message } = failure;
    if (inHand === undefined || inHand === null) return NO_SUSPICION;
    const { link, digest } = inHand;
    const causeHash = hashCause(failure);
    this.#crashes = this.#crashes
      .filter(({ atMs }) => nowMs - atMs < this.#windowMs)
      .slice(-POISON_MEMORY_MAX + 1);
    this.#crashes.push({ atMs: nowMs, link, digest, causeHash });
    const same = this.#crashes
      .filter((crash) => crash.link === link && crash.digest === digest);
    const alike = same.filter((crash) => crash.causeHash === causeHash);
    return {
      finding: same.length === 2 ? { link, digest, message } : null,
      quarantine: alike.length >= POISON_CRASHES
        ? toCause(message, { link, digest })
        : null,
    };
  }

  /** Forgets all crashes, as when a person starts the actor. */
  reset(): void {
    this.#crashes = [];
  }
}

function toCause(message: string, { link, digest }: InHand): string {
  return `${message} (the same message of link "${link}", ${digest}, made it ` +
    "fail three times; a fourth attempt would meet it again: links are ordered " +
    "and lossless, so it cannot be skipped without corrupting the state)";
}

/**
 * Tells causes of failure apart: by code or by kind of error and message with
 * its digits made equal, and by the place in our own code where it was thrown.
 */
export function hashCause(failure: Failure): string {
  const { code, message, stack = null } = failure;
  const kind = code ?? `${nameOf(stack)}: ${message.replace(/\d+/g, "0")}`;
  return fingerprintText(`${kind}\n${firstOwnFrame(stack)}`);
}

/** A stack begins with the name of the error, as in `TypeError: ...`. */
function nameOf(stack: string | null): string {
  return /^\w+/.exec(stack ?? "")?.[0] ?? "Error";
}

/** The topmost frame that is not the runtime's own. */
function firstOwnFrame(stack: string | null): string {
  const frames = (stack ?? "").split("\n").map((line) => line.trim())
    .filter((line) => line.startsWith("at "));
  return frames.find((line) => !/\b(ext|node):/.test(line)) ?? "";
}
