import type { EmergencyDeskState, Latch } from "../../contracts/emergency.ts";
import type {
  EmergencyQuery,
  MeasureQuery,
} from "../../contracts/emergency_desk.ts";
import type { FleetContext } from "../context.ts";
import type { DeskStops } from "./desk_stops.ts";
import type { StopFollowUp } from "./follow_up.ts";
import { knows } from "./merge_states.ts";
import { isNotFound } from "./stop_answers.ts";

/**
 * Emergency stops of several hosts: each hands on what it is told, tells the
 * others how its desks stand, and takes over what they have and it has not. The
 * process that was asked for a stop tells people of it and has it audited.
 */
export class PeerStops {
  readonly #context: FleetContext;
  readonly #desks: DeskStops;
  readonly #followUp: StopFollowUp;

  constructor(
    context: FleetContext,
    parts: { desks: DeskStops; followUp: StopFollowUp },
  ) {
    this.#context = context;
    this.#desks = parts.desks;
    this.#followUp = parts.followUp;
  }

  /** What the desks of this host say, for the others. */
  get ownState(): EmergencyDeskState {
    return this.#desks.ownState;
  }

  /** Another process hands on what its desks are told, too. @throws {AppError} Where a desk refuses. */
  async answer(query: EmergencyQuery | MeasureQuery): Promise<unknown> {
    if (query.op === "measure") {
      return { accounts: await this.#desks.measureOwn(), rates: [] };
    }
    if (query.op === "latch") this.#followUp.leaveToOthers(query.latch.id);
    const { failures, asked } = await this.#desks.askOwn(query);
    const refused = failures.filter(({ error }) => !isNotFound(error));
    if (refused.length > 0) throw refused[0]!.error;
    if (asked > 0 && failures.length === asked) throw failures[0]!.error;
    return this.ownState;
  }

  /** How stops stand at another host, or stood at the end of one that is gone. */
  take(
    hostId: string,
    state: EmergencyDeskState,
    options: { isGone: boolean },
  ): void {
    const own = this.ownState;
    for (const { id } of state.latches) {
      if (!knows(own, id)) this.#followUp.leaveToOthers(id);
    }
    this.#desks.take(`host:${hostId}`, state, options);
    for (const latch of state.released) this.#releaseToo(latch, own);
  }

  /** A host was given up for good. */
  forget(hostId: string): void {
    this.#desks.forget(`host:${hostId}`);
  }

  /** What was released while this host did not hear of it. */
  #releaseToo({ id, release }: Latch, own: EmergencyDeskState): void {
    const isHeld = own.latches.some((stop) => stop.id === id);
    if (!isHeld || release === null) return;
    const { by, reason, at } = release;
    const work = this.#desks.askOwn(
      { type: "emergency", op: "release", id, by, reason, at },
    );
    this.#context.track(work, `release ${id}, as other hosts have`);
  }
}
