/**
 * The fake venue as a process of its own, so that it outlives the program under
 * test: `deno run --allow-net=127.0.0.1 tests/venue/main.ts`, or `process.ts`.
 * Options come as one JSON object, for instance `'{"seed": 7, "minuteEveryMs": 100}'`.
 * It prints one line of JSON with its address and ends by itself after
 * `lifeMs`, on SIGTERM, or when its standard input closes (if `isBoundToParent`).
 *
 * @module
 */
import { PROCESS_LIFE_MS_MAX } from "./limits.ts";
import { type FakeVenueOptions, startFakeVenue } from "./venue.ts";

/** Options of the process. */
export interface VenueProcessOptions extends Omit<FakeVenueOptions, "clock"> {
  /** Longest life; PROCESS_LIFE_MS_MAX if left out or longer. */
  lifeMs?: number;
  /** Ends when whoever holds its standard input is gone. */
  isBoundToParent?: boolean;
}

if (import.meta.main) {
  const options: VenueProcessOptions = JSON.parse(Deno.args[0] ?? "{}");
  const venue = startFakeVenue(options);
  // deno-lint-ignore no-console -- its address is what the process is started for
  console.log(JSON.stringify({ url: venue.url, port: venue.port }));
  const end = async () => {
    await venue.stop();
    Deno.exit(0);
  };
  setTimeout(end, Math.min(options.lifeMs ?? Infinity, PROCESS_LIFE_MS_MAX));
  Deno.addSignalListener("SIGTERM", end);
  if (options.isBoundToParent) {
    for await (const _chunk of Deno.stdin.readable) {
      // Nobody says anything; the end of the stream is what counts.
    }
    await end();
  }
}
