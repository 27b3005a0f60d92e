import type {
  Behavior,
  BehaviorInstance,
  Output,
  VersionedSnapshot,
} from "../behavior.ts";
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

function toHandlers<Config, Snapshot>(
  { behavior, instance, runtime }: Running<Config, Snapshot>,
): ActorHandlers {
  const open = new Set<string>();
  const emit = (outputs: readonly Output[]) => {
    for (const output of outputs) {
      if (output.to === "owner") runtime.report(output.report);
      else if (open.has(output.link)) runtime.send(output.link, output.message);
      else runtime.discard?.(output.link);
    }
  };
  return {
    receive: (link, message) => emit(instance.receive(link, message)),
    linkOpened(link, info) {
      open.add(link);
      emit(instance.linkOpened(link, info));
    },
    linkClosed: (link) => void open.delete(link),
    pause: () => emit(instance.pause()),
    resume: () => emit(instance.resume()),
    configure: (config) => instance.configure(config as Config),
    ask: (query) => instance.inspect(query),
    snapshot: (): VersionedSnapshot<Snapshot> => ({
      behavior: behavior.name,
      version: behavior.snapshotVersion,
      state: instance.snapshot(),
    }),
  };
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
  const { version } = stored;
  if (version === behavior.snapshotVersion) return stored.state as Snapshot;
  if (
    typeof version === "number" && version < behavior.snapshotVersion &&
    behavior.upgrade !== undefined
  ) {
    return behavior.upgrade(stored.state, version);
  }
  throw actorError(
    "SNAPSHOT_UNUSABLE",
    `Cannot restore "${behavior.name}" version "${behavior.snapshotVersion}" from a snapshot of version "${version}"`,
  );
}
