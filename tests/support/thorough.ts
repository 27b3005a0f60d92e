/**
 * Whether tests take the minutes that the gate does not have: pages through axe
 * in each state, on a phone and a tablet, and random tests at their full length.
 * `deno task test:long` does, and the tasks of one kind of tests such as
 * `deno task test:e2e`.
 */
export const IS_THOROUGH = Deno.env.get("THOROUGH") === "1";

/** How many runs a random test has: a share in the gate, and all of them where there is time. */
export function runs({ gate, whole }: { gate: number; whole: number }): number {
  return IS_THOROUGH ? whole : gate;
}
