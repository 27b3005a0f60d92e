/**
 * Workers that fall silent, by a busy loop, by close() and by exit(): how long
 * it takes until the supervisor has found each one, and until its successor
 * runs. The loops end by themselves, as nothing else can end them.
 *
 *     deno run --allow-read tests/bench/hang_bench.ts
 *
 * @module
 */
import { createWorkerHarness } from "../actors/worker_harness.ts";
import { printTimes } from "./print_times.ts";

const HANG_MS = 8_000;
const ROUNDS = 4;

const { supervisor, log, start } = createWorkerHarness();

const HANGS = [
  { entry: "burn", query: { hangMs: HANG_MS } },
  { entry: "counter", query: { type: "close_silently" } },
  { entry: "counter", query: { type: "exit" } },
];

interface Silence {
  foundMs: number;
  replacedMs: number;
}

async function measure(id: string, query: unknown): Promise<Silence> {
  const beganMs = performance.now();
  const found = log.nextState(id, "backing_off")
    .then(() => performance.now() - beganMs);
  const replaced = found.then(() => log.nextState(id, "running"))
    .then(() => performance.now() - beganMs);
  supervisor.ask(id, query).catch(() => {});
  return { foundMs: await found, replacedMs: await replaced };
}

const silences: Silence[] = [];
for (let round = 0; round < ROUNDS; round++) {
  const ids = HANGS.map(({ entry }, index) => `${entry} ${round}.${index}`);
  // deno-lint-ignore no-await-in-loop -- the loops of one round are enough for two cores
  await Promise.all(ids.map((id, index) => start(id, HANGS[index]!.entry)));
  silences.push(
    // deno-lint-ignore no-await-in-loop -- as above
    ...await Promise.all(
      ids.map((id, index) => measure(id, HANGS[index]!.query)),
    ),
  );
}
printTimes("actors.hang_found", silences.map(({ foundMs }) => foundMs), 0);
printTimes(
  "actors.hang_replaced",
  silences.map(({ replacedMs }) => replacedMs),
  0,
);
await supervisor.drain({ deadlineMs: 0 });
