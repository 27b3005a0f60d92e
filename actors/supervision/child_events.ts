import type { LifecycleChanged } from "../../lib/contracts/lifecycle.ts";
import type { Lane } from "../mailbox.ts";
import type { Heartbeat } from "../protocol.ts";
import type { CrashInfo, SupervisorEvent } from "./child_spec.ts";
import type { DeadLetterFacts, IncarnationListener } from "./incarnation.ts";
import type { PoisonFinding } from "./poison.ts";

/** What the owner hears of one child, and what of it the child's status remembers. */
export class ChildEvents {
  readonly #id: string;
  readonly #emit: (event: SupervisorEvent) => void;
  #heartbeat: Heartbeat | null = null;
  #crash: CrashInfo | null = null;
  #deadLetters = 0;

  constructor(id: string, emit: (event: SupervisorEvent) => void) {
    this.#id = id;
    this.#emit = emit;
  }

  /** Latest heartbeat of the current incarnation. */
  get lastHeartbeat(): Heartbeat | null {
    return this.#heartbeat;
  }

  /** Latest crash, whichever incarnation it was. */
  get lastCrash(): CrashInfo | null {
    return this.#crash;
  }

  /** Messages that reached nobody, over all incarnations. */
  get deadLetters(): number {
    return this.#deadLetters;
  }

  /** A new incarnation begins, of which nothing is known yet. */
  begin(): void {
    this.#heartbeat = null;
  }

  lifecycle(change: LifecycleChanged): void {
    this.#emit({ type: "lifecycle", change });
  }

  heartbeat(epoch: number, heartbeat: Heartbeat): void {
    this.#heartbeat = heartbeat;
    this.#emit({ type: "heartbeat", id: this.#id, epoch, heartbeat });
  }

  /** Remembered only: the lifecycle change that follows tells the cause. */
  crash(crash: CrashInfo): void {
    this.#crash = crash;
  }

  snapshot(epoch: number, snapshot: unknown): void {
    this.#emit({ type: "snapshot", id: this.#id, epoch, snapshot });
  }

  overflow(lane: Lane): void {
    this.#emit({ type: "mailbox_overflow", id: this.#id, lane });
  }

  /** A message was in hand at two crashes. */
  poison(epoch: number, { link, digest, message }: PoisonFinding): void {
    const detail = `${digest} in hand at 2 crashes: ${message}`;
    this.#deadLetter(epoch, { reason: "poison", link, detail });
  }

  #deadLetter(epoch: number, letter: DeadLetterFacts): void {
    this.#deadLetters++;
    this.#emit({ type: "dead_letter", id: this.#id, epoch, ...letter });
  }

  /** The part of an incarnation's listener that only passes things on. */
  relay(
    epoch: number,
  ): Pick<
    IncarnationListener,
    "onReport" | "onSnapshot" | "onRefused" | "onDeadLetter"
  > {
    const id = this.#id;
    return {
      onReport: (report) => this.#emit({ type: "report", id, epoch, report }),
      onSnapshot: (snapshot) => this.snapshot(epoch, snapshot),
      onRefused: (lane) => this.overflow(lane),
      onDeadLetter: (letter) => this.#deadLetter(epoch, letter),
    };
  }
}
