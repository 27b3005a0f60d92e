import type {
  Behavior,
  BehaviorInstance,
  Output,
  VersionedSnapshot,
} from "../behavior.ts";
import type { Clock } from "../clock.ts";
import { actorError } from "../errors.ts";
import type { ActorHandlers, ActorProgram, ActorRuntime } from "../program.ts";

/**
 * Makes a program of a pure behaviour: outputs are sent in their order, and
 * snapshots carry the behaviour's name and version.
 *
 * An output for a link that is not open is counted and dropped, not held:
 * whoever opens the link next is another incarnation and starts from what
 * `linkOpened` tells it.
 */
export function behaviorProgram<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
): ActorProgram {
  return {
    start(runtime) {
      const instance = behavior.start({
        actorId: runtime.actorId,
        config: runtime.config as Config,
        snapshot: restoreState(behavior, runtime.snapshot),
      });
      return toHandlers({ behavior, instance, runtime });
    },
  };
}

interface Running<Config, Snapshot> {
  behavior: Behavior<Config, Snapshot>;
  instance: BehaviorInstance<Config, Snapshot>;
  runtime: ActorRuntime;
}

/** Where the outputs of a behaviour go. */
class Outlet {
  readonly open = new Set<string>();
  readonly #runtime: ActorRuntime;
  #beganAtMs = 0;

  constructor(runtime: ActorRuntime) {
    this.#runtime = runtime;
  }

  /** The work on a message begins: the time of it, epoch ms with fractions. */
  begin(): number {
    return this.#beganAtMs = preciseMs(this.#runtime.clock);
  }

  emit(outputs: readonly Output[]): void {
    const runtime = this.#runtime;
    for (const output of outputs) {
      if (output.to === "owner") runtime.report(output.report);
      else if (!this.open.has(output.link)) runtime.discard?.(output.link);
      else if (output.stamp !== true) runtime.send(output.link, output.message);
      else {
        const sentAtMs = preciseMs(runtime.clock);
        const message = output.message as object;
        runtime.send(output.link, {
          ...message,
          beganAtMs: this.#beganAtMs,
          sentAtMs,
        });
      }
    }
  }
}

function toHandlers<Config, Snapshot>(
  { behavior, instance, runtime }: Running<Config, Snapshot>,
): ActorHandlers {
  const outlet = new Outlet(runtime);
  // The first snapshot is due whatever it starts from: an older version may have been brought up.
  let hasChanged = true;
  return {
    receive(link, message) {
      hasChanged = true;
      const receivedAtMs = outlet.begin();
      const heard = isStamped(message) ? { ...message, receivedAtMs } : message;
      outlet.emit(instance.receive(link, heard));
    },
    linkOpened(link, info) {
      hasChanged = true;
      outlet.open.add(link);
      outlet.emit(instance.linkOpened(link, info));
    },
    linkClosed(link) {
      hasChanged = true;
      outlet.open.delete(link);
      if (instance.linkClosed !== undefined) {
        outlet.emit(instance.linkClosed(link));
      }
    },
    pause() {
      hasChanged = true;
      outlet.emit(instance.pause());
    },
    resume() {
      hasChanged = true;
      outlet.emit(instance.resume());
    },
    configure(config) {
      hasChanged = true;
      return instance.configure(config as Config);
    },
    hasChanged: () => hasChanged || (instance.isSnapshotDue?.() ?? false),
    ask: (query) => instance.inspect(query),
    snapshot(): VersionedSnapshot<Snapshot> {
      hasChanged = false;
      const state = instance.snapshot();
      if (instance.snapshotTaken !== undefined) {
        outlet.emit(instance.snapshotTaken());
      }
      return {
        behavior: behavior.name,
        version: behavior.snapshotVersion,
        state,
      };
    },
  };
}

function preciseMs(clock: Clock): number {
  return clock.preciseMs?.() ?? clock.nowMs();
}

function isStamped(message: unknown): message is { sentAtMs: number } {
  return typeof message === "object" && message !== null &&
    "sentAtMs" in message;
}

/**
 * The state to start from, or null for a first start.
 *
 * @throws {AppError} `SNAPSHOT_UNUSABLE`: starting without it would forget positions and decisions.
 */
function restoreState<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
  snapshot: unknown,
): Snapshot | null {
  if (snapshot === null || snapshot === undefined) return null;
  const stored = snapshot as Partial<VersionedSnapshot<Snapshot>>;
  if (stored.behavior !== behavior.name) {
    throw actorError(
      "SNAPSHOT_UNUSABLE",
      `Cannot restore behaviour "${behavior.name}" from a snapshot of "${stored.behavior}"`,
    );
  }
  return upcast(behavior, stored) as Snapshot;
}

/** Brings a state from its version to the behaviour's, step by step. */
function upcast(
  behavior: Pick<Behavior, "name" | "snapshotVersion" | "upcasters">,
  stored: { state?: unknown; version?: number },
): unknown {
  const { name, snapshotVersion, upcasters } = behavior;
  const { version } = stored;
  const refuse = (why: string) =>
    actorError(
      "SNAPSHOT_UNUSABLE",
      `Cannot restore "${name}" version "${snapshotVersion}" from a snapshot of version "${version}": ${why}`,
    );
  if (!Number.isSafeInteger(version)) throw refuse("its version is no integer");
  if (version! > snapshotVersion) throw refuse("it was made by newer code");
  let { state } = stored;
  for (let from = version!; from < snapshotVersion; from++) {
    const step = Object.hasOwn(upcasters, from) ? upcasters[from] : undefined;
    if (step === undefined) throw refuse(`no upcaster from version "${from}"`);
    try {
      state = step(state);
    } catch (error) {
      throw refuse(`the upcaster from version "${from}" failed: ${error}`);
    }
  }
  return state;
}
