/** Entry point of the desk worker. */
import { runWorkerProgram } from "../../actors/worker_main.ts";
import { deskProgram } from "./program.ts";

runWorkerProgram(deskProgram);
