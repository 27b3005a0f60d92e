import type {
  Behavior,
  BehaviorInit,
  BehaviorInstance,
  Output,
} from "./behavior.ts";
import type { ConfigureEffect } from "./program.ts";

/** Something that reached a behaviour. */
export type RecordedInput =
  | {
    type: "start";
    actorId: string;
    config: unknown;
    snapshot: unknown;
  }
  | { type: "link"; link: string; info: unknown }
  | { type: "message"; link: string; message: unknown }
  | { type: "closed"; link: string }
  | { type: "snapshot" }
  | { type: "pause" }
  | { type: "resume" }
  | { type: "configure"; config: unknown };

/** One call of a behaviour: what went in, and all that came out. */
export interface RecordedTurn {
  input: RecordedInput;
  /** Empty for a start; of `configure` its effect. */
  outputs: readonly Output[] | ConfigureEffect;
}

const NOTHING: readonly Output[] = [];

/**
 * Wraps a behaviour so that every input and what it answered is handed to
 * `record`, in order. Because a behaviour is pure, the inputs are all that is
 * needed to run it again bit for bit. What `record` gets is the behaviour's own:
 * write it down at once and change nothing.
 */
export function recordBehavior<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
  record: (turn: RecordedTurn) => void,
): Behavior<Config, Snapshot> {
  return {
    name: behavior.name,
    snapshotVersion: behavior.snapshotVersion,
    upcasters: behavior.upcasters,
    start(init) {
      record({ input: { type: "start", ...init }, outputs: NOTHING });
      return recordInstance(behavior.start(init), record);
    },
  };
}

function recordInstance<Config, Snapshot>(
  instance: BehaviorInstance<Config, Snapshot>,
  record: (turn: RecordedTurn) => void,
): BehaviorInstance<Config, Snapshot> {
  const noted = <T extends RecordedTurn["outputs"]>(
    input: RecordedInput,
    outputs: T,
  ): T => {
    record({ input, outputs: unstamped(outputs) });
    return outputs;
  };
  return {
    linkOpened: (link, info) =>
      noted({ type: "link", link, info }, instance.linkOpened(link, info)),
    receive: (link, message) =>
      noted(
        { type: "message", link, message },
        instance.receive(link, message),
      ),
    pause: () => noted({ type: "pause" }, instance.pause()),
    resume: () => noted({ type: "resume" }, instance.resume()),
    configure: (config) =>
      noted({ type: "configure", config }, instance.configure(config)),
    snapshot: () => instance.snapshot(),
    inspect: (query) => instance.inspect(query),
    ...noteOptional(instance, noted),
  };
}

/** What a behaviour need not have is noted only where it has it. */
function noteOptional<Config, Snapshot>(
  instance: BehaviorInstance<Config, Snapshot>,
  noted: (
    input: RecordedInput,
    outputs: readonly Output[],
  ) => readonly Output[],
): Pick<
  BehaviorInstance<Config, Snapshot>,
  "linkClosed" | "snapshotTaken" | "isSnapshotDue"
> {
  const { linkClosed, snapshotTaken, isSnapshotDue } = instance;
  return {
    ...(linkClosed === undefined ? {} : {
      linkClosed: (link: string) =>
        noted({ type: "closed", link }, linkClosed.call(instance, link)),
    }),
    ...(snapshotTaken === undefined ? {} : {
      snapshotTaken: () =>
        noted({ type: "snapshot" }, snapshotTaken.call(instance)),
    }),
    ...(isSnapshotDue === undefined ? {} : {
      // A question: nothing changes by it, so that a repetition needs no note of it.
      isSnapshotDue: () => isSnapshotDue.call(instance),
    }),
  };
}

/** Gives a recorded input to an instance, or starts one; answers with what came out. */
export function repeatInput<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
  instance: BehaviorInstance<Config, Snapshot> | null,
  input: RecordedInput,
): {
  instance: BehaviorInstance<Config, Snapshot>;
  outputs: RecordedTurn["outputs"];
} {
  if (input.type === "start") {
    const { actorId, config, snapshot } = input;
    const init = { actorId, config, snapshot } as BehaviorInit<
      Config,
      Snapshot
    >;
    return { instance: behavior.start(init), outputs: NOTHING };
  }
  if (instance === null) {
    throw new RangeError("A recording must begin with a start");
  }
  return { instance, outputs: unstamped(answer(instance, input)) };
}

/** What is measured on the way is no part of what was decided. */
function unstamped(outputs: RecordedTurn["outputs"]): RecordedTurn["outputs"] {
  if (typeof outputs === "string") return outputs;
  return outputs.map((output) => {
    if (output.to === "owner" || output.stamp === undefined) return output;
    const { stamp: _, ...plain } = output;
    return plain;
  });
}

function answer<Config, Snapshot>(
  instance: BehaviorInstance<Config, Snapshot>,
  input: Exclude<RecordedInput, { type: "start" }>,
): RecordedTurn["outputs"] {
  switch (input.type) {
    case "link":
      return instance.linkOpened(input.link, input.info);
    case "message":
      return instance.receive(input.link, input.message);
    case "closed":
      return instance.linkClosed?.(input.link) ?? NOTHING;
    case "snapshot":
      return instance.snapshotTaken?.() ?? NOTHING;
    case "pause":
      return instance.pause();
    case "resume":
      return instance.resume();
    case "configure":
      return instance.configure(input.config as Config);
  }
}
