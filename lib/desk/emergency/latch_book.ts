import type { Latch, StopActor } from "../../contracts/emergency.ts";
import { AppError } from "../../core/errors.ts";
import type { EmergencyFiles } from "./files.ts";
import { type KeptLatches, latchText, readLatches } from "./latch_file.ts";
import { LATCHES_MAX, RELEASED_KEPT } from "./limits.ts";

/** A wish to release. */
export interface Release {
  id: string;
  by: StopActor;
  reason: string;
  at: number;
}

/**
 * The latches in memory and in their file. Setting one never fails: what the
 * disk does not take holds in memory, and is written as soon as it takes it.
 * Releasing one fails where the file cannot be written, because it would be in
 * force again after a restart.
 */
export class LatchBook {
  readonly #files: EmergencyFiles;
  #kept: KeptLatches;
  #problem: string | null = null;

  constructor(files: EmergencyFiles, nowMs: number) {
    this.#files = files;
    this.#kept = readLatches(files, nowMs);
  }

  /** In force, oldest first. */
  get latches(): readonly Latch[] {
    return this.#kept.latches;
  }

  /** Released, newest first. */
  get released(): readonly Latch[] {
    return this.#kept.released;
  }

  /** Why the file is behind, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  isKnown(id: string): boolean {
    return [...this.latches, ...this.released].some((one) => one.id === id);
  }

  /** In memory from here on. */
  add(latch: Latch): void {
    const { latches } = this.#kept;
    const isLast = latches.length >= LATCHES_MAX - 1;
    // Only one that is about everything as well is covered by it.
    const isCovered = latches.length >= LATCHES_MAX && isOfAll(latches.at(-1)!);
    const kept = isCovered ? latches.slice(0, -1) : latches;
    const added = isLast
      ? { ...latch, scope: { kind: "all" as const } }
      : latch;
    this.#kept = { ...this.#kept, latches: [...kept, added] };
  }

  /** Changes latches in memory. */
  change(ids: readonly string[], change: Partial<Latch>): void {
    const apply = (latch: Latch) =>
      ids.includes(latch.id) ? { ...latch, ...change } : latch;
    this.#kept = {
      latches: this.#kept.latches.map(apply),
      released: this.#kept.released.map(apply),
    };
  }

  /** Brings the file up to what is in memory. */
  save(): void {
    try {
      this.#files.writeLatches(latchText(this.#kept));
      this.#problem = null;
    } catch (error) {
      this.#problem =
        `The file of emergency stops "${this.#files.path}" cannot be written (${
          sentenceOf(error)
        }): the stop holds in memory, but not over a restart; free disk space or make the folder writable`;
    }
  }

  /** @throws {AppError} EMERGENCY_NOT_FOUND, or EMERGENCY_FILE where the file cannot be written; then it is still in force. */
  release({ id, by, reason, at }: Release): void {
    const { latches, released } = this.#kept;
    const found = latches.find((latch) => latch.id === id);
    if (found === undefined) {
      if (released.some((latch) => latch.id === id)) return;
      throw new AppError(
        "EMERGENCY_NOT_FOUND",
        `There is no emergency stop "${id}"; list those that are in force`,
        { status: 404 },
      );
    }
    const next = {
      latches: latches.filter((latch) => latch !== found),
      released: [{ ...found, release: { by, reason, at } }, ...released]
        .slice(0, RELEASED_KEPT),
    };
    try {
      this.#files.writeLatches(latchText(next));
    } catch (error) {
      throw new AppError(
        "EMERGENCY_FILE",
        `The stop is still in force, because its file "${this.#files.path}" cannot be written (${
          sentenceOf(error)
        }); free disk space or make the folder writable, and release it again`,
        { status: 503 },
      );
    }
    this.#kept = next;
    this.#problem = null;
  }
}

/** Whether a latch is about everything. */
function isOfAll({ scope }: Latch): boolean {
  return scope.kind === "all";
}

function sentenceOf(error: unknown): string {
  return error instanceof Error
    ? error.message.split("\n")[0]!.slice(0, 150)
    : String(error);
}
