/**
 * What every desk of this host knows of emergency stops: the desks are asked all
 * at once, and one that lacks a stop which another has is given it.
 *
 * @module
 */
import type { EmergencyDeskState, Latch } from "../../contracts/emergency.ts";
import type {
  EmergencyQuery,
  MeasureQuery,
  StopMeasures,
} from "../../contracts/emergency_desk.ts";
import { isOfOneDesk } from "../../desk/emergency/latch_file.ts";
import { LATCHES_MAX } from "../../desk/emergency/limits.ts";
import type { FleetContext } from "../context.ts";
import type { DeskId } from "../desk_ids.ts";
import { startedDesks } from "../desks.ts";
import { EMERGENCY_ASK_MS } from "./limits.ts";
import {
  knows,
  mergeStates,
  mergeWithGone,
  NOTHING_TOLD,
} from "./merge_states.ts";
import { toLatch } from "./stop_answers.ts";
import { askKeeper, keepersOf, type StopKeeper } from "./stop_keepers.ts";

/** What became of a question to all desks. */
export interface DeskAnswers {
  /** Those that did not answer, or refused, with why. */
  failures: readonly { deskId: StopKeeper; error: unknown }[];
  /** Desks that were asked. */
  asked: number;
}

/** What the desks need of their owner. */
export interface DeskStopsOptions {
  /** Something is known that was not. */
  onChange(state: EmergencyDeskState, before: EmergencyDeskState): void;
}

/** See the module's description. */
export class DeskStops {
  readonly #context: FleetContext;
  readonly #options: DeskStopsOptions;
  readonly #told = new Map<string, EmergencyDeskState>();
  /** Hosts that have ended; what they told last holds where nobody knows better. */
  readonly #gone = new Set<string>();
  readonly #giving = new Set<string>();
  #merged = NOTHING_TOLD;

  constructor(context: FleetContext, options: DeskStopsOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** What all of them know together. */
  get state(): EmergencyDeskState {
    return this.#merged;
  }

  /** What the desks of this host know. */
  get ownState(): EmergencyDeskState {
    return mergeStates(
      startedDesks(this.#context).flatMap((deskId) =>
        this.#told.get(deskId) ?? []
      ),
    );
  }

  /** Whether every desk that was started runs. */
  get areUp(): boolean {
    return keepersOf(this.#context).length > 0 &&
      startedDesks(this.#context).every((deskId) =>
        this.#context.supervisor.status(deskId)?.state === "running"
      );
  }

  /** Another host was given up for good: what it told counts no more. */
  forget(keeper: StopKeeper): void {
    if (!this.#told.delete(keeper)) return;
    this.#gone.delete(keeper);
    this.#merge();
  }

  /** A desk says how its stops stand, or a host that has ended how they stood there. */
  take(
    deskId: string,
    state: EmergencyDeskState,
    { isGone = false }: { isGone?: boolean } = {},
  ): void {
    this.#told.set(deskId, state);
    if (isGone) this.#gone.add(deskId);
    else this.#gone.delete(deskId);
    this.#merge();
    for (const other of startedDesks(this.#context)) this.#giveMissing(other);
  }

  #merge(): void {
    const before = this.#merged;
    const told = [...this.#told];
    const isThere = ([deskId]: (typeof told)[number]) =>
      !this.#gone.has(deskId);
    this.#merged = mergeWithGone(
      told.filter(isThere).map(([, state]) => state),
      told.filter((one) => !isThere(one)).map(([, state]) => state),
    );
    this.#options.onChange(this.#merged, before);
  }

  /** Whether a stop is about the agents of a desk at all. */
  concerns(deskId: string, latch: Pick<Latch, "id">): boolean {
    return !isOfOneDesk(latch) ||
      knows(this.#told.get(deskId) ?? NOTHING_TOLD, latch.id);
  }

  /** Whether every desk that was started has this stop, in its file too. */
  isEverywhere(id: string): boolean {
    const keepers = keepersOf(this.#context);
    return keepers.length > 0 && keepers.every((deskId) => {
      const state = this.#told.get(deskId);
      return state !== undefined && state.fileProblem === null &&
        knows(state, id);
    });
  }

  /** Whether every desk that was started has heard of this stop. */
  isHeard(id: string): boolean {
    const keepers = keepersOf(this.#context);
    return keepers.length > 0 &&
      keepers.every((deskId) =>
        knows(this.#told.get(deskId) ?? NOTHING_TOLD, id)
      );
  }

  /** Whether none of those that could be asked has this stop: they are still to be given it, or there are none. */
  isOutOfReach(id: string): boolean {
    return knows(this.#merged, id) &&
      !keepersOf(this.#context).some((deskId) =>
        knows(this.#told.get(deskId) ?? NOTHING_TOLD, id)
      );
  }

  /** Asks again where nobody has told yet that it has this stop: that may be a second old. */
  async reach(id: string): Promise<void> {
    if (this.isOutOfReach(id)) {
      await this.askAll({ type: "emergency", op: "state" });
    }
  }

  /** Hands stops on to hosts that are up and have not heard of them. */
  giveHosts(latches: readonly Latch[]): void {
    for (const keeper of keepersOf(this.#context)) {
      if (!keeper.startsWith("host:")) continue;
      const told = this.#told.get(keeper) ?? NOTHING_TOLD;
      for (const latch of latches) {
        if (isOfOneDesk(latch) || knows(told, latch.id)) continue;
        this.#give(keeper, { type: "emergency", op: "latch", latch });
      }
    }
  }

  /** A latch as a desk is to have it: where it never was, its levers have their work before them. */
  forDesk(deskId: string, latch: Latch): Latch {
    const isKnown = knows(this.#told.get(deskId) ?? NOTHING_TOLD, latch.id);
    return isKnown || latch.lever === "block"
      ? latch
      : { ...latch, endedAt: null };
  }

  /** Asks one desk. */
  async ask(deskId: StopKeeper, query: EmergencyQuery): Promise<void> {
    this.take(
      deskId,
      await askKeeper(this.#context, {
        keeper: deskId,
        query,
      }) as EmergencyDeskState,
    );
  }

  /** Asks every desk that was started, and the other hosts, all at once; never rejects. */
  askAll(query: EmergencyQuery): Promise<DeskAnswers> {
    return this.#askEach(keepersOf(this.#context), query);
  }

  /** The same for the desks of this host. */
  askOwn(query: EmergencyQuery): Promise<DeskAnswers> {
    return this.#askEach(startedDesks(this.#context), query);
  }

  async #askEach(
    desks: readonly StopKeeper[],
    query: EmergencyQuery,
  ): Promise<DeskAnswers> {
    const failures: { deskId: StopKeeper; error: unknown }[] = [];
    await Promise.all(
      desks.map((deskId) =>
        this.ask(deskId, query).catch((error: unknown) =>
          void failures.push({ deskId, error })
        )
      ),
    );
    return { failures, asked: desks.length };
  }

  /**
   * Waits for desks that are just starting: until they are up they take no
   * command. No longer than for an answer.
   */
  async waitForStarts(): Promise<void> {
    const { clock, desks } = this.#context;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = clock.after(EMERGENCY_ASK_MS, resolve);
    void Promise.allSettled(desks.values()).then(() => resolve());
    await promise;
    timer.cancel();
  }

  /** How long all of them took to answer just now; null where one did not. */
  async roundTripMs(): Promise<number | null> {
    const { clock } = this.#context;
    const startedAt = clock.monotonicMs();
    const { failures } = await this.askAll({ type: "emergency", op: "state" });
    return failures.length === 0
      ? Math.ceil(clock.monotonicMs() - startedAt)
      : null;
  }

  /** What is known of the venues now; a desk that does not answer knows nothing. */
  measure(): Promise<StopMeasures["accounts"]> {
    return this.#measureEach(keepersOf(this.#context));
  }

  /** The same of the desks of this host. */
  measureOwn(): Promise<StopMeasures["accounts"]> {
    return this.#measureEach(startedDesks(this.#context));
  }

  async #measureEach(
    keepers: readonly StopKeeper[],
  ): Promise<StopMeasures["accounts"]> {
    const query: MeasureQuery = { type: "emergency", op: "measure" };
    const answers = await Promise.all(
      keepers.map(async (deskId) => {
        try {
          return (await askKeeper(this.#context, {
            keeper: deskId,
            query,
          }) as StopMeasures).accounts;
        } catch {
          return [];
        }
      }),
    );
    return answers.flat();
  }

  /** Gives a desk the stops that others have and it has not, and says which are on record. */
  #giveMissing(deskId: DeskId): void {
    const told = this.#told.get(deskId);
    if (told === undefined) return;
    for (const stop of this.#merged.latches) {
      const own = told.latches.find(({ id }) => id === stop.id);
      if (!this.concerns(deskId, stop)) continue;
      if (!knows(told, stop.id)) {
        // One that has no room for more is stopped altogether.
        const isFull = told.latches.length >= LATCHES_MAX;
        if (isFull && told.latches.at(-1)!.scope.kind === "all") continue;
        const latch = this.forDesk(deskId, toLatch(stop));
        this.#give(deskId, { type: "emergency", op: "latch", latch });
      } else if (own?.isAudited === false && stop.isAudited) {
        const ids = [stop.id];
        this.#give(deskId, { type: "emergency", op: "audited", ids });
      }
    }
  }

  #give(
    deskId: StopKeeper,
    query: Extract<EmergencyQuery, { op: "latch" | "audited" }>,
  ): void {
    const id = query.op === "latch" ? query.latch.id : query.ids[0];
    const key = `${deskId} ${query.op} ${id}`;
    if (this.#giving.has(key)) return;
    this.#giving.add(key);
    const work = this.ask(deskId, query)
      // One that does not answer tells by itself as soon as it can, and is asked again.
      .catch(() => {})
      .finally(() => this.#giving.delete(key));
    this.#context.track(work, `give ${id} to ${deskId}`);
  }
}
