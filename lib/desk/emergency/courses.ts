import type { Latch } from "../../contracts/emergency.ts";

/** What is known of one stop besides its latch; it ends with this process. */
interface Course {
  /** By the monotonic clock. */
  deadlineAt: number;
  blockedAt: Map<string, number>;
  refusals: Map<string, string>;
  /** Accounts on which the lever has nothing left to do. */
  done: Set<string>;
}

/** The courses of the stops in force, by the ids of their latches and of agents. */
export class StopCourses {
  readonly #courses = new Map<string, Course>();

  /** A stop begins, or goes on after a restart. */
  begin({ id, deadlineMs }: Latch, monotonicMs: number): void {
    this.#courses.set(id, {
      deadlineAt: monotonicMs + deadlineMs,
      blockedAt: new Map(),
      refusals: new Map(),
      done: new Set(),
    });
  }

  forget(id: string): void {
    this.#courses.delete(id);
  }

  isLate(id: string, monotonicMs: number): boolean {
    return monotonicMs >= (this.#courses.get(id)?.deadlineAt ?? 0);
  }

  /** Entries of the agent are not let in since `at`, by the wall clock; only the first time counts. */
  blocked(id: string, agentId: string, at: number): void {
    const blockedAt = this.#courses.get(id)?.blockedAt;
    if (blockedAt?.has(agentId) === false) blockedAt.set(agentId, at);
  }

  /** What stands in the way of the lever; null for nothing. */
  refused(id: string, agentId: string, refusal: string | null): void {
    const refusals = this.#courses.get(id)?.refusals;
    if (refusal === null) refusals?.delete(agentId);
    else refusals?.set(agentId, refusal);
  }

  isDone(id: string, agentId: string): boolean {
    return this.#courses.get(id)?.done.has(agentId) === true;
  }

  setDone(id: string, agentId: string, isDone: boolean): void {
    const done = this.#courses.get(id)?.done;
    if (isDone) done?.add(agentId);
    else done?.delete(agentId);
  }

  /** What the progress of an account is told with. */
  known(
    { id, at }: Latch,
    agentId: string,
  ): { blockedAt: number; refusal: string | null } {
    const course = this.#courses.get(id);
    return {
      blockedAt: course?.blockedAt.get(agentId) ?? at,
      refusal: course?.refusals.get(agentId) ?? null,
    };
  }
}
