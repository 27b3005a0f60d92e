/** Entry point of the inference worker. */
import { runWorkerProgram } from "../../actors/worker_main.ts";
import { inferenceProgram } from "./serving/inference_program.ts";

runWorkerProgram(inferenceProgram);
