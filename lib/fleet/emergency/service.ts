/**
 * The emergency stop of the fleet: hands stops to the desk, hears how they
 * stand, tells everybody, and keeps the audit trail, late if need be. The desk
 * decides; what is known here is what it said last.
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
  type EmergencyQuery,
  type HaltFile,
  haltFileSchema,
  requestFile,
} from "../../contracts/emergency_desk.ts";
import { AppError } from "../../core/errors.ts";
import { newLatch } from "../../desk/emergency/requests.ts";
import { isInScope } from "../../desk/emergency/scope.ts";
import { accountConfig } from "../accounts.ts";
import type { FleetContext } from "../context.ts";
import { PAPER_DESK_ID } from "../desk_ids.ts";
import type { Caller } from "../port.ts";
import type { AgentEntry } from "../registry.ts";
import { drillOf } from "./drill.ts";
import { EMERGENCY_ASK_MS } from "./limits.ts";
import type { Emergency } from "./port.ts";
import { resolveScope } from "./resolve_scope.ts";
import { withUnopened } from "./unopened.ts";
import { StopFollowUp } from "./follow_up.ts";
import {
  answerAgain,
  latchedSentence,
  notFound,
  toLatch,
  unheardSentence,
  unheardView,
} from "./stop_answers.ts";

/** Where requests for a stop wait for a desk that does not answer. */
export interface EmergencyInbox {
  /** Writes a file; it would survive a power cut when this resolves. */
  drop(name: string, text: string): Promise<void>;
}

const NOTHING: EmergencyDeskState = {
  latches: [],
  released: [],
  fileProblem: null,
};

/** See the module's description. */
export class EmergencyService implements Emergency {
  readonly #context: FleetContext;
  readonly #inbox: EmergencyInbox | undefined;
  readonly #followUp: StopFollowUp;
  #state = NOTHING;
  /** Stops that no desk has answered to; the next one is started with them. */
  #unheard: Latch[] = [];

  constructor(context: FleetContext, inbox: EmergencyInbox | undefined) {
    this.#context = context;
    this.#inbox = inbox;
    this.#followUp = new StopFollowUp(context, {
      isInScope: (latch, entry) => this.#covers(latch, entry),
      ask: (query) => this.#ask(query),
    });
  }

  /** Asks a desk that has just started how its stops stand. */
  async begin(): Promise<void> {
    // One that does not answer tells by itself as soon as it can.
    await this.#ask({ type: "emergency", op: "state" }).catch(() => {});
  }

  /** The desk says how its stops stand. */
  take(state: EmergencyDeskState): void {
    const before = this.#state;
    this.#state = state;
    this.#unheard = this.#unheard.filter(({ id }) =>
      ![...state.latches, ...state.released].some((one) => one.id === id)
    );
    this.#followUp.take(state, before);
  }

  /** What a desk that starts has to hold besides what is in its file. */
  forDesk(): readonly Latch[] {
    const { latches, fileProblem } = this.#state;
    return [
      ...fileProblem === null ? [] : latches.map(toLatch),
      ...this.#unheard,
    ];
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
    const unheard = this.#unheard.map(unheardView);
    return {
      ...this.#state,
      latches: [...this.#state.latches, ...unheard].map((stop) =>
        withUnopened(
          stop,
          this.#context.agents.all().filter((entry) =>
            this.#covers(stop, entry)
          ),
        )
      ),
      isDeskUp:
        this.#context.supervisor.status(PAPER_DESK_ID)?.state === "running",
    };
  }

  async stop(
    request: StopRequest,
    { id, caller }: { id: string; caller: Caller },
  ): Promise<StopResponse> {
    const known = this.#find(id);
    if (known !== undefined) return answerAgain(known, request);
    const scope = await resolveScope(this.#context, request.scope, caller);
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
    // What lets trading go on is on record first.
    storage.refuseNewRisk("release the emergency stop");
    await this.#followUp.auditRelease(found, { reason, caller });
    const { userId, email: name, via } = caller;
    const at = clock.nowMs();
    const by = { userId, name, via };
    await this.#ask({ type: "emergency", op: "release", id, by, reason, at });
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
    const isOnPaper = entries.every(({ record }) =>
      record.config.mode === "paper"
    );
    const roundTripMs = await this.#roundTripMs();
    return drillOf({ ...request, scope }, {
      entries,
      expectedMs: isOnPaper ? roundTripMs : null,
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
    try {
      const { latches } = await this.#ask({
        type: "emergency",
        op: "latch",
        latch,
      });
      const stop = latches.find((one) => one.id === id) ?? unheardView(latch);
      return { stop, isLatched: true, detail: latchedSentence(stop) };
    } catch (error) {
      this.#unheard.push(latch);
      const isKept = await this.#drop(latch, halt);
      return {
        stop: unheardView(latch),
        isLatched: false,
        detail: unheardSentence(error, isKept),
      };
    }
  }

  async #drop({ id }: Latch, halt: HaltFile): Promise<boolean> {
    if (this.#inbox === undefined) return false;
    const name = requestFile(id.slice("stop_".length));
    try {
      await this.#inbox.drop(name, JSON.stringify(halt));
      return true;
    } catch (error) {
      this.#context.onError("write a request for an emergency stop", error);
      return false;
    }
  }

  async #ask(query: EmergencyQuery): Promise<EmergencyDeskState> {
    const state = await this.#context.supervisor.ask(PAPER_DESK_ID, query, {
      deadlineMs: EMERGENCY_ASK_MS,
    }) as EmergencyDeskState;
    this.take(state);
    return state;
  }

  async #roundTripMs(): Promise<number | null> {
    const { clock } = this.#context;
    const startedAt = clock.monotonicMs();
    try {
      await this.#ask({ type: "emergency", op: "state" });
      return Math.ceil(clock.monotonicMs() - startedAt);
    } catch {
      return null;
    }
  }

  #inForce(): readonly Latch[] {
    return [...this.#state.latches, ...this.#unheard];
  }

  #find(id: string): StopView | undefined {
    const { latches, released } = this.#state;
    return latches.find((one) => one.id === id) ??
      [...released, ...this.#unheard].filter((one) => one.id === id)
        .map(unheardView)[0];
  }

  #covers({ scope }: Latch, entry: Pick<AgentEntry, "record">): boolean {
    return isInScope(scope, {
      config: accountConfig(this.#context, entry),
      ownerId: entry.record.ownerId,
    });
  }
}
