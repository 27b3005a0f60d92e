import assert from "node:assert/strict";
import { AppError } from "../../../../lib/core/errors.ts";
import { VenueFailure } from "../../../../lib/exchange/history/venue.ts";
import { LIVE_CANDLES_MAX } from "../../../../lib/exchange/live/limits.ts";
import { assertSame, LiveSetup, seqAt, START_AT } from "./live_setup.ts";
import { STEP_MS } from "./scripted_venue.ts";

/** Time after the start by which the last candle of the history is over by the venue's clock, grace included. */
const UP_MS = 3_000;

/** A stream that is up, with half an hour of history. */
async function up(minutes = 30): Promise<LiveSetup> {
  const setup = new LiveSetup();
  await setup.history(minutes);
  setup.start();
  await setup.clock.advance(UP_MS);
  return setup;
}

Deno.test("LiveStream says where its market stands: the last closed candle by the venue's clock", async () => {
  const setup = await up();
  const opened = await setup.stream.describe();
  assert.equal(opened.headSeq, seqAt(START_AT) - 1);
  assert.equal(opened.totalCandles, null);
  setup.stream.close();
});

Deno.test("LiveStream publishes a candle once the next has begun, with what the history says of it", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT));
  setup.venue.trade(1, 1);
  await setup.clock.advance(STEP_MS - UP_MS - 1);
  assert.deepEqual(setup.published(), []);
  setup.venue.trade(2, 3, "drop");
  await setup.clock.advance(1);
  setup.venue.trade(-1, 1);
  await setup.clock.advance(1);
  assertSame(
    setup.published(),
    setup.venue.closed(START_AT + STEP_MS),
    seqAt(START_AT),
  );
  assert.equal(setup.published()[0]!.volume, 4);
  setup.stream.close();
});

Deno.test("LiveStream finds a stream that is open and silent while the market moves", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT));
  setup.venue.trade(1, 1, "silent");
  for (let second = 0; second < 40; second++) {
    setup.venue.trade(0.1, 1);
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await setup.clock.advance(1_000);
  }
  assert.equal(setup.venue.connections, 2);
  setup.stream.close();
});

Deno.test("LiveStream leaves a quiet market alone", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT));
  setup.venue.trade(1, 1);
  await setup.clock.advance(10 * STEP_MS);
  assert.equal(setup.venue.connections, 1);
  const published = setup.published();
  assert(published.length >= 9);
  assert(
    published.slice(1).every(({ volume, open, close }) =>
      volume === 0 && open === close
    ),
  );
  setup.stream.close();
});

Deno.test("LiveStream tells consumers and owner when nothing comes, and when it comes again", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT));
  setup.venue.failures = Array.from(
    { length: 8 },
    () => new VenueFailure("scripted is down", { isPassing: true }),
  );
  setup.venue.cutAll();
  await setup.clock.advance(5 * STEP_MS);
  assert.deepEqual(setup.stale().map((detail) => detail === null), [
    false,
    true,
  ]);
  assert.match(setup.stale()[0]!, /scripted is down|cut/);
  const told = setup.reports.filter(({ kind }) => kind === "feed_stale");
  assert.deepEqual(
    told.map((report) => report.kind === "feed_stale" && report.detail),
    [null, setup.stale()[0], null],
  );
  setup.stream.close();
});

Deno.test("LiveStream waits longer after each failure, at most a minute, and as long as the venue asks", async () => {
  const setup = new LiveSetup();
  setup.venue.failures = Array.from(
    { length: 1_000 },
    () => new VenueFailure("down", { isPassing: true }),
  );
  setup.start();
  await setup.clock.advance(10 * STEP_MS);
  assert(setup.venue.connections < 40, `${setup.venue.connections}`);
  assert(setup.venue.connections > 10, `${setup.venue.connections}`);
  setup.venue.failures = [
    new VenueFailure("ban", { isPassing: true, retryAfterMs: 300_000 }),
  ];
  const before = setup.venue.connections;
  await setup.clock.advance(60_000);
  assert.equal(setup.venue.connections, before + 1);
  await setup.clock.advance(230_000);
  assert.equal(setup.venue.connections, before + 1);
  setup.stream.close();
});

Deno.test("LiveStream is refused with the exchange's own sentence, and does not ask again", async () => {
  const setup = new LiveSetup();
  const refusal = new AppError("MARKET_REFUSED", "There is no market X", {
    status: 422,
  });
  setup.venue.failures = [refusal as unknown as VenueFailure];
  setup.start();
  await assert.rejects(async () => await setup.stream.describe(), refusal);
  await setup.clock.advance(5 * STEP_MS);
  assert.equal(setup.venue.connections, 1);
  assert(setup.stream.isOver);
  setup.stream.close();
});

Deno.test("LiveStream refuses to wait for ever for an exchange that does not answer", async () => {
  const silent = new LiveSetup();
  Object.assign(silent.venue, { open: () => new Promise(() => {}) });
  silent.start();
  const answer = assert.rejects(
    async () => await silent.stream.describe(),
    /no candles of BTC\/USDT 1m from scripted/,
  );
  await silent.clock.advance(9_000);
  await answer;
  silent.stream.close();
});

Deno.test("LiveStream fetches older candles for who was away, by pages", async () => {
  const setup = new LiveSetup();
  await setup.history(3_000);
  setup.venue.pageCandles = 250;
  setup.start();
  await setup.clock.advance(UP_MS);
  const fromSeq = seqAt(START_AT) - 2_900;
  setup.subscribe(fromSeq);
  await setup.clock.advance(1);
  assertSame(setup.published(), setup.venue.closed(START_AT), fromSeq);
  assert.equal(setup.published().length, 2_900);
  setup.stream.close();
});

Deno.test("LiveStream goes on with the newest history for who was away too long, with a warning", async () => {
  const setup = await up();
  const fromSeq = seqAt(START_AT) - LIVE_CANDLES_MAX - 500;
  setup.subscribe(fromSeq);
  await setup.clock.advance(1);
  const published = setup.published();
  assert.equal(published[0]!.seq, fromSeq);
  assert.equal(published.length, LIVE_CANDLES_MAX + 500);
  const first = setup.venue.closed(START_AT)[0]!;
  assert(
    published.slice(0, -30).every(({ close, volume }) =>
      close === first[1] && volume === 0
    ),
  );
  assert(
    setup.reports.some((report) =>
      report.kind === "feed_notice" && report.level === "warning"
    ),
  );
  setup.stream.close();
});

Deno.test("LiveStream warns of a break that is longer than the history, and of none that is shorter", async () => {
  for (const [historyCandles, missing] of [[100, 51], [Infinity, null]]) {
    const setup = new LiveSetup();
    setup.venue.historyCandles = historyCandles!;
    // deno-lint-ignore no-await-in-loop -- one after the other
    await setup.history(30);
    setup.start();
    // deno-lint-ignore no-await-in-loop -- one after the other
    await setup.clock.advance(UP_MS);
    setup.venue.cutAll();
    const isDown = new VenueFailure("Down", { isPassing: true });
    setup.venue.failures = Array.from({ length: 10_000 }, () => isDown);
    for (let minute = 0; minute < 150; minute++) {
      setup.venue.trade(minute % 3 - 1, 1);
      // deno-lint-ignore no-await-in-loop -- time passes step by step
      await setup.clock.advance(STEP_MS);
    }
    setup.venue.trade(1, 1);
    setup.venue.failures = [];
    // deno-lint-ignore no-await-in-loop -- one after the other
    await setup.clock.advance(2 * STEP_MS);
    const notices = setup.reports.flatMap((report) =>
      report.kind === "feed_notice" ? [report.message] : []
    );
    const warnings = notices.filter((text) => /are not to be had/.test(text));
    assert.deepEqual(
      warnings,
      missing === null ? [] : [
        `${missing} candles from 2026-01-05T12:00:00.000Z on are not to be had of scripted BTC/USDT 1m: they stand flat at the close before`,
      ],
    );
    setup.stream.close();
  }
});

Deno.test("LiveStream sends best prices to those who want them alone, and none that make no sense", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT));
  setup.venue.tellQuote({ bid: 100 });
  await setup.clock.advance(1);
  assert.equal(setup.sent.filter(({ type }) => type === "quote").length, 0);
  setup.subscribe(seqAt(START_AT), true);
  await setup.clock.advance(1);
  setup.venue.tellQuote({ bid: 100.5, ask: 100.6 });
  await setup.clock.advance(1);
  setup.venue.tellQuote({ bid: NaN });
  await setup.clock.advance(1);
  setup.venue.tellQuote({ bid: 102, ask: 101 });
  await setup.clock.advance(1);
  const quotes = setup.sent.flatMap((message) =>
    message.type === "quote" ? [message.quote] : []
  );
  assert.deepEqual(quotes, [{
    at: START_AT + UP_MS + 2,
    bid: 100.5,
    ask: 100.6,
    bidSize: 1,
    askSize: 2,
    mark: null,
  }]);
  setup.stream.close();
});

Deno.test("LiveStream connects again when prices move and none is sent", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT), true);
  await setup.clock.advance(1);
  setup.venue.tellQuote({ bid: 99.5 });
  await setup.clock.advance(6_000);
  assert.equal(setup.venue.connections, 1, "a quiet market is no silence");
  setup.venue.quote = { ...setup.venue.quote, bid: 99.9 };
  await setup.clock.advance(12_000);
  assert.equal(setup.venue.connections, 2);
  setup.stream.close();
});

Deno.test("LiveStream makes its connection anew once a day, without a gap", async () => {
  const setup = await up();
  setup.subscribe(seqAt(START_AT));
  for (let hour = 0; hour < 24; hour++) {
    setup.venue.trade(1, 1);
    // deno-lint-ignore no-await-in-loop -- time passes step by step
    await setup.clock.advance(60 * STEP_MS);
  }
  assert.equal(setup.venue.connections, 2);
  assertSame(
    setup.published(),
    setup.venue.closed(setup.venue.now()),
    seqAt(START_AT),
  );
  assert.deepEqual(setup.stale(), []);
  setup.stream.close();
  await setup.clock.advance(60_000);
  assert.equal(setup.clock.pending, 0, "a closed stream leaves no timer");
});
