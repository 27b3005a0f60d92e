import type { Behavior } from "../behavior.ts";
import type { ActorProgram, ActorRuntime } from "../program.ts";
import { recordBehavior, type RecordedTurn } from "../recorded_behavior.ts";
import { behaviorProgram } from "./behavior_program.ts";

/** Takes down what a behaviour is given and answers. Nothing of it may throw. */
export interface TurnRecorder {
  take(turn: RecordedTurn): void;
  /** The actor is about to fail: what was taken down should leave it now. */
  flush(): void;
  /** The actor has stopped well; no turn follows. */
  finish(): void;
}

/**
 * A program of a pure behaviour that is recorded where `recorderOf` gives a
 * recorder for the incarnation, and is run as it is where it gives none.
 */
export function recordedProgram<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
  recorderOf: (runtime: ActorRuntime, name: string) => TurnRecorder | null,
): ActorProgram {
  const plain = behaviorProgram(behavior);
  return {
    start(runtime) {
      const recorder = recorderOf(runtime, behavior.name);
      return recorder === null
        ? plain.start(runtime)
        : startRecorded(behavior, { recorder, runtime });
    },
  };
}

async function startRecorded<Config, Snapshot>(
  behavior: Behavior<Config, Snapshot>,
  { recorder, runtime }: { recorder: TurnRecorder; runtime: ActorRuntime },
) {
  const recorded = recordBehavior(behavior, (turn) => recorder.take(turn));
  const handlers = await behaviorProgram(recorded).start(runtime);
  let isStopping = false;
  return {
    ...handlers,
    receive(link: string, message: unknown) {
      try {
        return handlers.receive(link, message);
      } catch (error) {
        recorder.flush();
        throw error;
      }
    },
    stop() {
      isStopping = true;
    },
    // Messages may come until the last snapshot, which follows the stop.
    snapshot() {
      if (isStopping) recorder.finish();
      return handlers.snapshot?.();
    },
  };
}
