/**
 * The emergency stop of the fleet: hands stops to every desk, hears how they
 * stand, tells everybody, and keeps the audit trail, late if need be. The desks
 * decide; what is known here is what they said last.
 *
 * @module
 */
import type {
  DrillResponse,
  EmergencyDeskState,
  EmergencyResponse,
  Latch,
  StopRequest,
  StopResponse,
  StopView,
} from "../../contracts/emergency.ts";
import {
  type HaltFile,
  haltFileSchema,
} from "../../contracts/emergency_desk.ts";
import { AppError } from "../../core/errors.ts";
import { newLatch } from "../../desk/emergency/requests.ts";
import { isInScope } from "../../desk/emergency/scope.ts";
import { accountConfig } from "../accounts.ts";
import type { FleetContext } from "../context.ts";
import { type DeskId, deskIdOf } from "../desk_ids.ts";
import type { Caller } from "../port.ts";
import type { AgentEntry } from "../registry.ts";
import { DeskStops } from "./desk_stops.ts";
import { drillOf } from "./drill.ts";
import { knows } from "./merge_states.ts";
import type { Emergency } from "./port.ts";
import { resolveAgain, resolveScope } from "./resolve_scope.ts";
import { withUnopened } from "./unopened.ts";
import { StopFollowUp } from "./follow_up.ts";
import { PeerStops } from "./peer_stops.ts";
import { type EmergencyInbox, StopRequests } from "./stop_requests.ts";
import {
  answerAgain,
  isNotFound,
  isWidened,
  latchedSentence,
  notFound,
  outOfReach,
  toLatch,
  unheardSentence,
  unheardView,
  unreleased,
  widenedSentence,
} from "./stop_answers.ts";

export type { EmergencyInbox };

/** See the module's description. */
export class EmergencyService implements Emergency {
  readonly #context: FleetContext;
  readonly #requests: StopRequests;
  readonly #followUp: StopFollowUp;
  readonly #desks: DeskStops;
  /** What other hosts have, where there are some. */
  readonly peers: PeerStops;
  /** Stops that some desk has not answered to; one that starts is started with them. */
  #unheard: Latch[] = [];
  /** Stops whose files are removed, or being removed. */
  #tidied = new Set<string>();

  constructor(context: FleetContext, inbox: EmergencyInbox | undefined) {
    this.#context = context;
    this.#requests = new StopRequests(context, inbox);
    this.#followUp = new StopFollowUp(context, {
      isInScope: (latch, entry) => this.#covers(latch, entry),
      audited: async (ids) => {
        await this.#desks.askAll({ type: "emergency", op: "audited", ids });
      },
    });
    this.#desks = new DeskStops(context, {
      onChange: (state, before) => {
        this.#unheard = this.#unheard.filter(({ id }) =>
          !this.#desks.isHeard(id)
        );
        this.#followUp.take(state, before);
        this.#tidy();
      },
    });
    this.peers = new PeerStops(context, {
      desks: this.#desks,
      followUp: this.#followUp,
    });
  }

  /** Asks a desk that has just started how its stops stand. */
  async begin(deskId: DeskId): Promise<void> {
    // One that does not answer tells by itself as soon as it can.
    await this.#desks.ask(deskId, { type: "emergency", op: "state" })
      .catch(() => {});
  }

  /** Hands on what some have not heard of, to hosts that are up by now. */
  giveUnheard(): void {
    this.#desks.giveHosts(this.#unheard);
  }

  /** A desk says how its stops stand. */
  take(deskId: string, state: EmergencyDeskState): void {
    this.#desks.take(deskId, state);
  }

  /** What a desk that starts has to hold besides what is in its file. */
  forDesk(deskId: DeskId): readonly Latch[] {
    return this.#inForce()
      .filter((latch) => this.#desks.concerns(deskId, latch))
      .map((latch) => this.#desks.forDesk(deskId, latch));
  }

  /**
   * Refuses what lets an agent open positions again.
   *
   * @throws {AppError} EMERGENCY_LATCHED
   */
  refuseLatched(what: string, entry: Pick<AgentEntry, "record">): void {
    const latch = this.#inForce().find((one) => this.#covers(one, entry));
    if (latch === undefined) return;
    throw new AppError(
      "EMERGENCY_LATCHED",
      `Cannot ${what}: the emergency stop of ${latch.by.name} is in force${
        latch.reason === "" ? "" : ` (${latch.reason})`
      }; release it first`,
      { status: 409 },
    );
  }

  state(): EmergencyResponse {
    const { state } = this.#desks;
    return {
      ...state,
      latches: [...state.latches, ...this.#unknown().map(unheardView)].map((
        stop,
      ) =>
        withUnopened(
          stop,
          this.#context.agents.all().filter((entry) =>
            this.#covers(stop, entry)
          ),
        )
      ),
      isDeskUp: this.#desks.areUp,
    };
  }

  async stop(
    request: StopRequest,
    { id, caller }: { id: string; caller: Caller },
  ): Promise<StopResponse> {
    const known = this.#find(id);
    if (known !== undefined) {
      const again = await resolveAgain(this.#context, request.scope, caller);
      const isHeard = !this.#unheard.some((one) => one.id === id);
      const repeated = { ...request, scope: again };
      return answerAgain(known, { request: repeated, isHeard });
    }
    const scope = await resolveScope(this.#context, request.scope, caller);
    this.#followUp.causedBy(id, caller.requestId);
    return await this.#halt(
      id,
      haltFileSchema.parse({
        ...request,
        scope,
        by: caller.email,
        via: caller.via,
        userId: caller.userId,
      }),
    );
  }

  async blockAll(by: string): Promise<StopResponse> {
    return await this.#halt(
      this.#context.ids("stop"),
      haltFileSchema.parse({ by, via: "signal", reason: by }),
    );
  }

  async release(
    id: string,
    { reason, caller }: { reason: string; caller: Caller },
  ): Promise<EmergencyResponse> {
    const { clock, storage } = this.#context;
    const found = this.#find(id);
    if (found === undefined) throw notFound(id);
    if (found.release !== null) return this.state();
    await this.#desks.reach(id);
    if (this.#desks.isOutOfReach(id)) throw outOfReach(id);
    // What lets trading go on is on record first.
    storage.refuseNewRisk("release the emergency stop");
    await this.#followUp.auditRelease(found, { reason, caller });
    await this.#desks.waitForStarts();
    const { userId, email: name, via } = caller;
    const at = clock.nowMs();
    const by = { userId, name, via };
    const { failures, asked } = await this.#desks.askAll(
      { type: "emergency", op: "release", id, by, reason, at },
    );
    // A desk that never had it has nothing to release.
    const refused = failures.filter(({ error }) => !isNotFound(error));
    if (refused.length > 0) throw unreleased(refused[0]!);
    const isUnheard = this.#unknown().some((latch) => latch.id === id);
    if (failures.length === asked && !isUnheard) throw notFound(id);
    this.#unheard = this.#unheard.filter((latch) => latch.id !== id);
    await this.#requests.remove(new Set([id]));
    return this.state();
  }

  async drill(request: StopRequest, caller: Caller): Promise<DrillResponse> {
    const scope = await resolveScope(this.#context, request.scope, caller);
    const entries = this.#context.agents.all().filter((entry) =>
      entry.record.desired !== "retired" &&
      isInScope(scope, {
        config: accountConfig(this.#context, entry),
        ownerId: entry.record.ownerId,
      })
    );
    return drillOf({ ...request, scope }, {
      entries,
      deskMs: await this.#desks.roundTripMs(),
      measures: await this.#desks.measure(),
    });
  }

  /** Whoever latched a stop. */
  latchOf(id: string): Latch {
    const found = this.#find(id);
    if (found === undefined) throw notFound(id);
    return found;
  }

  async #halt(id: string, halt: HaltFile): Promise<StopResponse> {
    const latch = newLatch(id, this.#context.clock.nowMs(), halt);
    const { failures, asked } = await this.#desks.askAll(
      { type: "emergency", op: "latch", latch },
    );
    const stop = this.#desks.state.latches.find((one) => one.id === id) ??
      unheardView(latch);
    if (asked > 0 && failures.length === 0) {
      const detail = isWidened(latch, stop)
        ? widenedSentence()
        : latchedSentence(stop);
      return { stop, isLatched: true, detail };
    }
    this.#unheard.push(latch);
    const isKept = await this.#requests.drop(latch, halt);
    // The desks may have heard of it while it was written.
    this.#tidied.delete(id);
    this.#tidy();
    return {
      stop,
      isLatched: false,
      detail: unheardSentence(failures, isKept),
    };
  }

  /** Removes the files of stops that every desk has in a file of its own. */
  #tidy(): void {
    const { latches, released } = this.#desks.state;
    const known = new Set([...latches, ...released].map(({ id }) => id));
    const fresh = [...known].filter((id) =>
      !this.#tidied.has(id) && this.#desks.isEverywhere(id)
    );
    this.#tidied = new Set(
      [...this.#tidied, ...fresh].filter((id) => known.has(id)),
    );
    if (fresh.length === 0) return;
    const work = this.#requests.remove(new Set(fresh));
    this.#context.track(work, "remove requests for an emergency stop");
  }

  #inForce(): readonly Latch[] {
    return [...this.#desks.state.latches.map(toLatch), ...this.#unknown()];
  }

  /** Stops that no desk at all has answered to. */
  #unknown(): readonly Latch[] {
    return this.#unheard.filter(({ id }) => !knows(this.#desks.state, id));
  }

  #find(id: string): StopView | undefined {
    const { latches, released } = this.#desks.state;
    return latches.find((one) => one.id === id) ??
      [...released, ...this.#unheard].filter((one) => one.id === id)
        .map(unheardView)[0];
  }

  #covers(latch: Latch, entry: Pick<AgentEntry, "record">): boolean {
    const { config, ownerId } = entry.record;
    return this.#desks.concerns(deskIdOf(config), latch) &&
      isInScope(latch.scope, {
        config: accountConfig(this.#context, entry),
        ownerId,
      });
  }
}
