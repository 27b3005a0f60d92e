/**
 * Entry point of a risk manager's worker. It counts money exactly, which no
 * agent that trades does, so it is a bundle of its own and theirs stay small.
 *
 * @module
 */
import { recordedProgram, runWorkerProgram } from "../actors/worker_main.ts";
import { recorderOf } from "./recording/agent_recorder.ts";
import { riskManager } from "./risk_manager.ts";

runWorkerProgram(recordedProgram(riskManager, recorderOf));
