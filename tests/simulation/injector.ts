import { assertNever } from "../../lib/core/assert.ts";
import type { Boot } from "./machine/boot.ts";
import type { SimulatedHost } from "./machine/host.ts";
import type { FaultPlan, Target } from "./scenario.ts";
import type { Person } from "./person.ts";
import type { World } from "./world.ts";

/** Does to a world what its scenario says, and makes it well again. */
export class Injector {
  readonly #world: World;
  readonly #person: Person;
  #isOver = false;
  /** The process that is to be killed; it may be over by now. */
  #doomed: Boot | null = null;

  constructor(world: World, person: Person) {
    this.#world = world;
    this.#person = person;
  }

  inject(fault: FaultPlan): void {
    const world = this.#world;
    if (this.#isOver) return;
    switch (fault.kind) {
      case "crash":
        return this.#hit(fault.target, (host) => host.crash("It broke"));
      case "vanish":
        return this.#hit(fault.target, (host) => host.vanish());
      case "hang":
        return this.#hit(fault.target, (host) => this.#hang(host, fault));
      case "drop_heartbeats":
      case "drop_acks":
      case "repeat_acks":
      case "repeat_reports":
        return this.#hit(fault.target, ({ disturbance }) => {
          disturbance[COUNTER_OF[fault.kind]] += fault.count;
        });
      case "slow": {
        const id = this.#idOf(fault.target);
        if (id !== null) world.slowness.set(id, fault.upToMs);
        return this.#later(fault.forMs, () => world.slowness.clear());
      }
      case "store":
        world.storeFaults.mode = fault.mode;
        return this.#later(
          fault.forMs,
          () => void (world.storeFaults.mode = "well"),
        );
      case "disk_full":
        world.disk.isFull = true;
        return this.#later(fault.forMs, () => void (world.disk.isFull = false));
      case "stall_main": {
        const { boot } = world;
        boot?.main.stall();
        return this.#later(fault.forMs, () => boot?.main.goOn());
      }
      case "jump_wall":
        return world.clock.jumpWall(fault.byMs);
      case "kill_host":
        return this.#killHost(world.boot, fault);
      case "kill_at_segment":
        world.disk.onNextSegment = (boot) => this.#killHost(boot, fault);
        return;
      default:
        assertNever(fault, "fault");
    }
  }

  /** The faults stop: what hangs goes on, what is slow is quick. */
  heal(): void {
    this.#isOver = true;
    const world = this.#world;
    world.slowness.clear();
    world.storeFaults.mode = "well";
    world.disk.isFull = false;
    world.disk.onNextSegment = null;
    world.boot?.main.goOn();
    // A kill that has not come yet might come during the shutdown.
    this.#doomed?.dieAfter(Infinity);
    for (const { isolate, disturbance } of world.hosts) {
      if (isolate.isHung) isolate.goOn();
      for (const name of Object.values(COUNTER_OF)) disturbance[name] = 0;
    }
  }

  #hang(
    host: SimulatedHost,
    { forMs, isZombie }: { forMs: number; isZombie: boolean },
  ): void {
    host.isZombie = isZombie;
    host.isolate.hang();
    this.#later(forMs, () => host.isolate.goOn());
  }

  #killHost(
    boot: Boot | null,
    { afterPoints, isPowerCut }: { afterPoints: number; isPowerCut: boolean },
  ): void {
    if (boot === null) return;
    if (isPowerCut) boot.onEnd(() => this.#world.disk.cutPower());
    this.#doomed = boot;
    boot.dieAfter(afterPoints);
  }

  #hit(target: Target, act: (host: SimulatedHost) => void): void {
    const id = this.#idOf(target);
    const host = id === null ? null : this.#world.hostOf(id);
    if (host !== null) act(host);
  }

  #idOf(target: Target): string | null {
    if (typeof target === "number") {
      return this.#person.agents.get(target) ?? null;
    }
    return target === "desk" ? "desk:paper" : target;
  }

  #later(delayMs: number, run: () => void): void {
    this.#world.clock.after(delayMs, run);
  }
}

const COUNTER_OF = {
  drop_heartbeats: "heartbeatsDropped",
  drop_acks: "acksDropped",
  repeat_acks: "acksRepeated",
  repeat_reports: "reportsRepeated",
} as const;
