/** Entry point of the desk worker. */
import { runWorkerProgram } from "../../actors/worker_main.ts";
import { Secret } from "../core/secret.ts";
import { createWorkerDesk } from "./venue_desk.ts";

runWorkerProgram(createWorkerDesk({
  random: () => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32,
  keySecret: () => new Secret(Deno.env.get("EXCHANGE_KEY_SECRET") ?? ""),
}));
