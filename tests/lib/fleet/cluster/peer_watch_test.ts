import assert from "node:assert/strict";
import fc from "fast-check";
import type { KnownHost } from "../../../../lib/contracts/host.ts";
import {
  HOST_DEAD_MS,
  HOST_SILENT_MS,
  LOOK_GAP_MAX_MS,
} from "../../../../lib/fleet/cluster/limits.ts";
import { PeerWatch } from "../../../../lib/fleet/cluster/peer_watch.ts";

function known(beat: number, change: Partial<KnownHost> = {}): KnownHost {
  const record = { id: "h1", session: "boot_1", beat } as KnownHost["record"];
  return { record, sessionStamp: "1", isToDrain: false, ...change };
}

/** Looks once a second. */
function lookEvery(
  watch: PeerWatch,
  { fromMs, beats }: { fromMs: number; beats: readonly number[] },
) {
  return beats.map((beat, place) =>
    watch.look([known(beat)], fromMs + place * 1_000)[0]!.state
  );
}

Deno.test("PeerWatch counts silence from the look that first saw the newest sign of life", () => {
  const states = lookEvery(new PeerWatch(), {
    fromMs: 50_000,
    beats: Array.from({ length: 12 }, () => 7),
  });
  assert.deepEqual(states, [
    ...Array.from({ length: HOST_SILENT_MS / 1_000 }, () => "alive"),
    ...Array.from(
      { length: (HOST_DEAD_MS - HOST_SILENT_MS) / 1_000 },
      () => "silent",
    ),
    "dead",
    "dead",
  ]);
});

Deno.test("PeerWatch takes a host without a session for gone, whatever it told last", () => {
  const [peer] = new PeerWatch().look([known(1, { sessionStamp: null })], 0);
  assert.equal(peer!.state, "gone");
});

Deno.test("PeerWatch that did not look itself for a while counts everybody's silence anew", () => {
  const watch = new PeerWatch();
  watch.look([known(1)], 0);
  const [peer] = watch.look([known(1)], 60_000);
  assert.equal(peer!.state, "alive");
});

Deno.test("PeerWatch never takes a host for dead whose signs of life come more often than it takes to die, however irregular both look", () => {
  fc.assert(fc.property(
    fc.array(
      fc.record({
        stepMs: fc.integer({ min: 1, max: 2 * LOOK_GAP_MAX_MS }),
        // How many of the signs that were due are seen with this look.
        isLate: fc.boolean(),
      }),
      { minLength: 1, maxLength: 60 },
    ),
    (looks) => {
      const watch = new PeerWatch();
      let nowMs = 0;
      let beat = 0;
      let seenAtMs = 0;
      for (const { stepMs, isLate } of looks) {
        nowMs += stepMs;
        if (!isLate || nowMs - seenAtMs >= HOST_DEAD_MS - 1) {
          beat++;
          seenAtMs = nowMs;
        }
        const [peer] = watch.look([known(beat)], nowMs);
        assert.notEqual(peer!.state, "dead");
      }
    },
  ));
});
