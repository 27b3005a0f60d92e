/** Entry point of the feed worker. */
import { runWorkerProgram } from "../../actors/worker_main.ts";
import { feedProgram } from "./feed_program.ts";

runWorkerProgram(feedProgram);
