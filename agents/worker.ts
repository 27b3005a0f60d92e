/**
 * Entry point of an agent worker: the one impure file of this folder. The
 * bundle made from it holds no schema library and no web framework.
 *
 * @module
 */
import { recordedProgram, runWorkerProgram } from "../actors/worker_main.ts";
import { behaviorToStart } from "./behaviors.ts";
import { recorderOf } from "./recording/agent_recorder.ts";

// A worker that waits to be used does not know yet of which type its agent is.
runWorkerProgram({
  start: (runtime) =>
    recordedProgram(behaviorToStart(runtime.config), recorderOf).start(runtime),
});
