/** What tests of emergency stops at the desk share. */
import { Bench } from "./program_world.ts";

export async function account(bench: Bench) {
  return (await bench.ask({ type: "account" })).account;
}
