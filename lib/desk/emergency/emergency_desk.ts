/**
 * The emergency stop at the desk. A latch is set in memory, then written, then
 * its lever is pulled, all within one turn: no order can come between. It needs
 * neither the store nor the main isolate: requests also come as files in a
 * folder that is looked at five times a second.
 *
 * @module
 */
import type { Timer } from "../../../actors/clock.ts";
import type { ActorRuntime } from "../../../actors/program.ts";
import type { DeskAccountOpening } from "../../contracts/desk.ts";
import type {
  EmergencyDeskState,
  Latch,
  StopView,
} from "../../contracts/emergency.ts";
import type {
  DeskEmergencyReport,
  EmergencyQuery,
} from "../../contracts/emergency_desk.ts";
import { assertNever } from "../../core/assert.ts";
import { AppError } from "../../core/errors.ts";
import type { StopInForce } from "../account/lever_orders.ts";
import type { AccountFlow } from "../account_flow.ts";
import { StopCourses } from "./courses.ts";
import { RequestFolder } from "./request_folder.ts";
import { type EmergencyFiles, NO_FILES } from "./files.ts";
import { LatchBook } from "./latch_book.ts";
import {
  giveUpClosing,
  progressOf,
  pullLever,
  stopInForce,
  stopSentence,
} from "./levers.ts";
import { EMERGENCY_LOOK_MS } from "./limits.ts";
import { isInScope } from "./scope.ts";

/** What the emergency stop works with. */
export interface EmergencyDeskOptions {
  runtime: Pick<ActorRuntime, "clock" | "report">;
  flows: ReadonlyMap<string, AccountFlow>;
  files: EmergencyFiles;
  /** In force by what the owner knows. */
  latches: readonly Latch[];
}

/** See the module's description. */
export class EmergencyDesk {
  readonly #options: EmergencyDeskOptions;
  readonly #book: LatchBook;
  readonly #folder: RequestFolder;
  readonly #owners = new Map<string, string | undefined>();
  readonly #courses = new StopCourses();
  #timer: Timer | null = null;
  #toldProblem: string | null = null;

  constructor(options: EmergencyDeskOptions) {
    this.#options = options;
    this.#book = new LatchBook(options.files, options.runtime.clock.nowMs());
    this.#folder = new RequestFolder(options.files);
    for (const latch of this.#book.latches) this.#begin(latch);
    this.#setRunning(true);
    // The levers wait for the accounts, which are opened next.
    const asked = this.#folder.take(options.runtime.clock.nowMs());
    for (const latch of [...options.latches, ...asked]) this.#set(latch);
    if (options.files !== NO_FILES) this.#arm();
    if (this.#book.latches.length > 0) this.#tell();
  }

  /** The stop that an account is opened with. */
  stopOn({ account: config, ownerId }: DeskAccountOpening): StopInForce | null {
    return stopInForce(this.#latchesOn({ config, ownerId }));
  }

  /** An account is open, and has done nothing yet. */
  opened(flow: AccountFlow, ownerId: string | undefined): void {
    for (const id of this.#owners.keys()) {
      if (!this.#options.flows.has(id)) this.#owners.delete(id);
    }
    const { agentId } = flow.account.config;
    this.#owners.set(agentId, ownerId);
    this.#block(flow);
    const latches = this.#latchesOf(flow);
    for (const latch of latches) {
      this.#courses.setDone(latch.id, agentId, false);
      this.#pull(flow, latch);
    }
    if (latches.length > 0) this.#tell();
  }

  ask(query: EmergencyQuery): EmergencyDeskState {
    switch (query.op) {
      case "state":
        break;
      case "latch":
        return this.#latch(query.latch) ?? this.#state();
      case "release":
        this.#book.release(query);
        this.#courses.forget(query.id);
        for (const flow of this.#options.flows.values()) this.#block(flow);
        this.#tell();
        break;
      case "audited":
        this.#book.change(query.ids, { isAudited: true });
        this.#book.save();
        break;
      default:
        assertNever(query, "emergency query");
    }
    return this.#state();
  }

  /**
   * Refuses what would let an agent trade on.
   *
   * @throws {AppError} EMERGENCY_LATCHED
   */
  refuseLatched(flow: AccountFlow): void {
    const [latch] = this.#latchesOf(flow);
    if (latch === undefined) return;
    throw new AppError("EMERGENCY_LATCHED", stopSentence(latch), {
      status: 409,
    });
  }

  /** Looks no more. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#setRunning(false);
  }

  #setRunning(isRunning: boolean): void {
    try {
      this.#options.files.setRunning(isRunning);
    } catch {
      // Its answer is then waited for in vain, or not waited for.
    }
  }

  /** @returns What was told of it; null where it was known. */
  #latch(latch: Latch): EmergencyDeskState | null {
    if (!this.#set(latch)) return null;
    this.#work();
    return this.#tell();
  }

  /** @returns Whether it is a new one. */
  #set(latch: Latch): boolean {
    if (this.#book.isKnown(latch.id)) return false;
    // Blocking has nothing left to do once it is in force: one write is enough.
    const endedAt = latch.lever === "block"
      ? this.#options.runtime.clock.nowMs()
      : latch.endedAt;
    this.#book.add({ ...latch, endedAt });
    this.#begin(latch);
    const { flows } = this.#options;
    for (const flow of flows.values()) this.#block(flow);
    this.#book.save();
    this.#arm();
    return true;
  }

  #begin(latch: Latch): void {
    this.#courses.begin(latch, this.#options.runtime.clock.monotonicMs());
  }

  /** Lets entries of an account in or not, as the latches say. */
  #block(flow: AccountFlow): void {
    const latches = this.#latchesOf(flow);
    const now = this.#options.runtime.clock.nowMs();
    flow.account.pullLever((orders) => orders.block(stopInForce(latches)));
    const { agentId } = flow.account.config;
    for (const { id } of latches) this.#courses.blocked(id, agentId, now);
    flow.accountChanged();
  }

  #pull(flow: AccountFlow, latch: Latch): void {
    const { agentId } = flow.account.config;
    this.#courses.refused(latch.id, agentId, pullLever(flow, latch));
  }

  /** Pulls the levers of stops that have not ended, and ends those that are done or late. */
  #work(): void {
    const { clock } = this.#options.runtime;
    for (const latch of this.#book.latches) {
      if (latch.endedAt !== null) continue;
      const flows = this.#flowsOf(latch);
      const left = flows.filter((flow) => !this.#isDone(flow, latch));
      const isLate = this.#courses.isLate(latch.id, clock.monotonicMs());
      if (left.length > 0 && !isLate) continue;
      if (latch.lever === "flatten") left.forEach(giveUpClosing);
      this.#book.change([latch.id], { endedAt: clock.nowMs() });
      this.#book.save();
    }
  }

  /** Pulls the lever of a stop on an account, unless it has nothing left to do there. */
  #isDone(flow: AccountFlow, latch: Latch): boolean {
    const { agentId } = flow.account.config;
    if (latch.lever === "block" || this.#courses.isDone(latch.id, agentId)) {
      return true;
    }
    this.#pull(flow, latch);
    const isDone = this.#progress(flow, latch).state === "done";
    if (isDone) this.#courses.setDone(latch.id, agentId, true);
    return isDone;
  }

  #look(): void {
    const before = this.#working();
    this.#takeRequests();
    if (this.#book.problem !== null) this.#book.save();
    this.#work();
    if (this.#folder.isAnswering) this.#folder.answer(this.#views());
    const hasProblemChanged = this.#book.problem !== this.#toldProblem;
    if (before > 0 || before !== this.#working() || hasProblemChanged) {
      this.#tell();
    }
  }

  #takeRequests(): void {
    const nowMs = this.#options.runtime.clock.nowMs();
    const latches = this.#folder.take(nowMs);
    for (const latch of latches) this.#latch(latch);
    if (latches.length > 0) this.#folder.answer(this.#views());
  }

  #arm(): void {
    const { clock } = this.#options.runtime;
    this.#timer ??= clock.every(EMERGENCY_LOOK_MS, () => this.#look());
  }

  #tell(): EmergencyDeskState {
    this.#toldProblem = this.#book.problem;
    const state = this.#state();
    const report: DeskEmergencyReport = { kind: "desk_emergency", state };
    this.#options.runtime.report(report);
    return state;
  }

  #state(): EmergencyDeskState {
    return {
      latches: this.#views(),
      released: this.#book.released,
      fileProblem: this.#book.problem,
    };
  }

  #views(): StopView[] {
    return this.#book.latches.map((latch) => {
      const progress = this.#flowsOf(latch).map((flow) =>
        this.#progress(flow, latch)
      );
      return {
        ...latch,
        isWorking: latch.endedAt === null,
        progress,
        residue: progress.filter(({ state }) => state === "residue"),
      };
    });
  }

  #progress(flow: AccountFlow, latch: Latch) {
    const { agentId } = flow.account.config;
    return progressOf(flow, latch, this.#courses.known(latch, agentId));
  }

  #working(): number {
    return this.#book.latches.filter(({ endedAt }) => endedAt === null).length;
  }

  #flowsOf(latch: Latch): AccountFlow[] {
    return [...this.#options.flows.values()].filter((flow) =>
      isInScope(latch.scope, this.#accountOf(flow))
    );
  }

  #latchesOf(flow: AccountFlow): Latch[] {
    return this.#latchesOn(this.#accountOf(flow));
  }

  #latchesOn(account: Parameters<typeof isInScope>[1]): Latch[] {
    return this.#book.latches.filter(({ scope }) => isInScope(scope, account));
  }

  #accountOf({ account: { config } }: AccountFlow) {
    return { config, ownerId: this.#owners.get(config.agentId) };
  }
}
