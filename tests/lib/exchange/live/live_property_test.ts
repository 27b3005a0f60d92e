import fc from "fast-check";
import { VenueFailure } from "../../../../lib/exchange/history/venue.ts";
import { assertSame, LiveSetup, seqAt, START_AT } from "./live_setup.ts";
import { type Mishap, STEP_MS } from "./scripted_venue.ts";

const MISHAPS: readonly Mishap[] = [
  "drop",
  "double",
  "late",
  "nan",
  "crossed",
  "zero",
  "cut",
  "silent",
  "future",
];

/** Something that happens, and how long until the next. */
interface Step {
  what: Mishap | "fine" | "cutAll" | "refuse" | "garbage" | "ban";
  move: number;
  volume: number;
  waitMs: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    what: fc.oneof(
      { weight: 6, arbitrary: fc.constant("fine" as const) },
      { weight: 4, arbitrary: fc.constantFrom(...MISHAPS) },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          "cutAll",
          "refuse",
          "garbage",
          "ban",
        ),
      },
    ),
    move: fc.integer({ min: -300, max: 300 }).map((cents) => cents / 100),
    volume: fc.integer({ min: 1, max: 5_000 }).map((units) => units / 1_000),
    // From several trades in a minute to minutes without one.
    waitMs: fc.oneof(
      fc.integer({ min: 1, max: 2_000 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 20_000, max: 200_000 }),
    ),
  }) as fc.Arbitrary<Step>,
  { minLength: 5, maxLength: 60 },
);

async function play(setup: LiveSetup, script: readonly Step[]): Promise<void> {
  for (const { what, move, volume, waitMs } of script) {
    switch (what) {
      case "fine":
        setup.venue.trade(move, volume);
        break;
      case "cutAll":
        setup.venue.cutAll();
        break;
      case "refuse":
        setup.venue.failures.push(
          new VenueFailure("unavailable", { isPassing: true }),
        );
        break;
      case "ban":
        setup.venue.failures.push(
          new VenueFailure("too often", {
            isPassing: true,
            retryAfterMs: 20_000,
          }),
        );
        break;
      case "garbage":
        setup.venue.badAnswers++;
        break;
      default:
        setup.venue.trade(move, volume, what);
    }
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await setup.clock.advance(waitMs);
  }
}

Deno.test("LiveStream publishes the venue's candles, in order and without a hole, whatever is dropped, doubled, late, broken or cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      steps,
      fc.boolean(),
      fc.constantFrom(0, 1_500),
      fc.integer({ min: 1, max: 1_000_000 }),
      async (script, showsOpen, lagMs, seed) => {
        const setup = new LiveSetup();
        setup.venue.showsOpen = showsOpen;
        setup.venue.lagMs = lagMs;
        await setup.history(30);
        const stream = setup.start(seed);
        const fromSeq = seqAt(START_AT) - 20;
        await setup.clock.advance(3_000);
        setup.subscribe(fromSeq);
        await play(setup, script);
        // Everything is well again: the rest comes without any further trade.
        setup.venue.failures = [];
        setup.venue.badAnswers = 0;
        await setup.clock.advance(4 * 60_000);
        const openAt = Math.floor(setup.venue.now() / STEP_MS) * STEP_MS;
        assertSame(setup.published(), setup.venue.closed(openAt), fromSeq);
        const newest = setup.published().at(-1)!.seq;
        if (newest < seqAt(openAt) - 2) {
          throw new Error(`${seqAt(openAt) - newest} candles are missing`);
        }
        stream.close();
        await setup.clock.advance(60_000);
      },
    ),
    { numRuns: 150 },
  );
});
