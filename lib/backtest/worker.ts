/** Entry point of the backtest worker. */
import { runWorkerProgram } from "../../actors/worker_main.ts";
import { backtestProgram } from "./workers/program.ts";

runWorkerProgram(backtestProgram);
