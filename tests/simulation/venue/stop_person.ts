import type {
  EmergencyDeskState,
  Latch,
  Lever,
} from "../../../lib/contracts/emergency.ts";
import type { DeskEmergencyReport } from "../../../lib/contracts/emergency_desk.ts";
import { parseClientOrderId } from "../../../lib/desk/venue/client_order_id.ts";
import type { StopPlan } from "./scenario.ts";
import type { VenueWorld } from "./world.ts";

/** Somebody who pulls the emergency stop, and the owner who hands it to each process. */
export class StopPerson {
  readonly #world: VenueWorld;
  #inForce: Latch | null = null;
  #stops = 0;

  constructor(world: VenueWorld) {
    this.#world = world;
  }

  /** What a process that starts now has to hold; from its first moment on. */
  latches(): readonly Latch[] {
    if (this.#inForce === null) return [];
    this.#world.monitor.isStopped = true;
    return [this.#inForce];
  }

  /** Stops now, and releases later. */
  carryOut({ lever, forMs }: StopPlan): void {
    if (this.#inForce !== null) return;
    const latch = this.#latch(lever);
    const { monitor, clock } = this.#world;
    this.#inForce = latch;
    this.#ask({ op: "latch", latch }, (answer) => {
      const isHeard = !(answer instanceof Error) && this.#inForce === latch;
      if (isHeard) monitor.isStopped = true;
    });
    clock.after(forMs, () => {
      if (this.#world.agent.isResting) return;
      this.#inForce = null;
      monitor.isStopped = false;
      const by = latch.by;
      const at = clock.nowMs();
      this.#ask({ op: "release", id: latch.id, by, reason: "over", at });
    });
  }

  /** V12: what a stop calls done is done at the venue. */
  hear({ state }: DeskEmergencyReport): void {
    const { exchange, monitor } = this.#world;
    const stop = state.latches.find(({ id }) => id === this.#inForce?.id);
    if (stop === undefined || stop.isWorking || stop.lever === "block") return;
    if (stop.progress.length === 0 || stop.residue.length > 0) return;
    const open = exchange.openOrders.find(({ clientOrderId }) =>
      parseClientOrderId(clientOrderId ?? "")?.role === "entry"
    );
    if (open === undefined) return;
    monitor.report(
      "V12",
      `Entry ${open.clientOrderId} rests although ${stop.id} is done`,
    );
  }

  #latch(lever: Lever): Latch {
    return {
      id: `stop_simulated${++this.#stops}`,
      scope: { kind: "all" },
      lever,
      withdrawAll: false,
      reason: "",
      by: { userId: null, name: "somebody", via: "local" },
      at: this.#world.clock.nowMs(),
      collarPct: 50,
      deadlineMs: 60_000,
      endedAt: null,
      isAudited: true,
      release: null,
    };
  }

  #ask(
    query: Record<string, unknown>,
    onAnswer: (answer: EmergencyDeskState | Error) => void = () => {},
  ): void {
    this.#world.desk?.ask(
      { type: "emergency", ...query },
      onAnswer as (answer: unknown) => void,
    );
  }
}
