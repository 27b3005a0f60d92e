import assert from "node:assert/strict";
import type { Heartbeat } from "../../../../actors/mod.ts";
import { UsageMeter } from "../../../../lib/fleet/usage/usage_meter.ts";

const SILENT: Heartbeat = {
  seq: 1,
  at: 0,
  mailboxDepth: 0,
  outboxDepth: 0,
  heapUsedBytes: null,
  liveHeapBytes: null,
  cpuMs: null,
  loopLagMsP99: null,
  processed: 0,
  sent: 0,
  busyMs: 0,
  receiveMsP50: null,
  receiveMsP99: null,
  messageMs: [],
  conflated: 0,
  dropped: 0,
  unknown: 0,
};

/** A meter whose beats come each second; `epoch` starts a worker anew. */
class Beats {
  readonly meter = new UsageMeter();
  atMs = 0;
  #seq = 0;
  #epoch = 0;

  next(
    change: Partial<Heartbeat> & { epoch?: number; requests?: number } = {},
  ): void {
    const { epoch = this.#epoch || 1, requests = null, ...figures } = change;
    this.#seq = epoch === this.#epoch ? this.#seq + 1 : 1;
    this.#epoch = epoch;
    this.atMs += 1_000;
    this.meter.take({
      epoch,
      requests,
      atMs: this.atMs,
      heartbeat: { ...SILENT, seq: this.#seq, ...figures },
    }, this.atMs - 1_000);
  }

  get hour() {
    return this.meter.read(this.atMs).lastHour;
  }
}

Deno.test("UsageMeter counts the first beat from the start of its worker, each later one from the one before", () => {
  const beats = new Beats();
  beats.next({ processed: 5, sent: 2, busyMs: 30 });
  beats.next({ processed: 9, sent: 3, busyMs: 31 });
  const { received, sent, busyMs, spanMs } = beats.hour;
  assert.deepEqual([received, sent, busyMs, spanMs], [9, 3, 31, 2_000]);
});

Deno.test("UsageMeter adds up workers that count from 0, and takes no beat for a difference to another worker's", () => {
  const beats = new Beats();
  beats.next({ processed: 100 });
  beats.next({ processed: 7, epoch: 2 });
  beats.next({ processed: 8, epoch: 2 });
  // A worker whose first beat was not heard: where it stood before is unknown.
  beats.next({ processed: 50, epoch: 3, seq: 9 });
  beats.next({ processed: 51, epoch: 3, seq: 10 });
  assert.equal(beats.hour.received, 109);
  assert.equal(beats.hour.spanMs, 4_000);
});

Deno.test("UsageMeter knows CPU time only between two beats that tell it", () => {
  const beats = new Beats();
  beats.next();
  beats.next({ cpuMs: 300 });
  assert.equal(beats.hour.cpuSpanMs, 0, "what loading took does not count");
  beats.next({ cpuMs: 340 });
  assert.deepEqual([beats.hour.cpuMs, beats.hour.cpuSpanMs], [40, 1_000]);
});

Deno.test("UsageMeter counts requests over a restart of the desk, and none where there is no venue", () => {
  const beats = new Beats();
  beats.next();
  assert.equal(beats.hour.requestsSpanMs, 0);
  beats.next({ requests: 10 });
  beats.next({ requests: 14 });
  beats.next({ requests: 3 });
  assert.deepEqual(
    [beats.hour.requests, beats.hour.requestsSpanMs],
    [7, 2_000],
  );
});

Deno.test("UsageMeter.read() tells since when it knows and how old that is", () => {
  const beats = new Beats();
  assert.deepEqual(beats.meter.read(0).sinceMs, null);
  beats.next();
  const hourMs = 3_600_000;
  assert.equal(beats.meter.read(1_000).sinceMs, 0);
  for (let beat = 0; beat < 2 * hourMs / 1_000; beat++) beats.next();
  const { sinceMs, newestMs, lastHour, lastMinute } = beats.meter.read(
    beats.atMs,
  );
  assert.equal(newestMs, beats.atMs);
  assert.ok(sinceMs! > beats.atMs - hourMs && sinceMs! < beats.atMs);
  assert.ok(lastHour.spanMs <= hourMs && lastMinute.spanMs <= 60_000);
  const gone = beats.meter.read(beats.atMs + hourMs);
  assert.deepEqual([gone.sinceMs, gone.lastHour.spanMs], [null, 0]);
  assert.equal(gone.newestMs, beats.atMs);
});
