/**
 * Entry point of an agent worker: the one impure file of this folder. The
 * bundle made from it holds no schema library and no web framework.
 *
 * @module
 */
import { recordedProgram, runWorkerProgram } from "../actors/worker_main.ts";
import { patternDetector } from "./pattern_detector.ts";
import { recorderOf } from "./recording/agent_recorder.ts";

runWorkerProgram(recordedProgram(patternDetector, recorderOf));
