import assert from "node:assert/strict";
import type { ActorHandlers, ActorRuntime } from "../../../actors/program.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { DeskReport } from "../../../lib/contracts/account.ts";
import type { DeskAnswer } from "../../../lib/contracts/desk.ts";
import type { DeskStepped } from "../../../lib/contracts/links.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import {
  accountConfig,
  candle,
  type ConfigChange,
  MemoryStorage,
  randomMarket,
  submit,
} from "./support.ts";
import { toBatch, World } from "./world.ts";

const CANDLES = "candles:agt_1";
const AGENT = "agent:agt_1";

/** A desk with everything it sends on record. */
class Bench {
  readonly clock = createSimulatedClock();
  readonly storage = new MemoryStorage();
  readonly sent: { link: string; message: unknown }[] = [];
  readonly reports: DeskReport[] = [];
  readonly retired: string[] = [];
  readonly desk: ActorHandlers;
  credits = 64;

  constructor(accounts: readonly ConfigChange[]) {
    const runtime: ActorRuntime = {
      actorId: "desk",
      epoch: 1,
      config: { journalDir: "/journal", accounts: accounts.map(accountConfig) },
      snapshot: null,
      clock: this.clock,
      send: (link, message) =>
        void this.sent.push({ link, message: structuredClone(message) }),
      credits: () => this.credits,
      report: (report) => void this.reports.push(report as DeskReport),
    };
    const program = createDeskProgram({
      open: () => this.storage,
      retire: (path) => void this.retired.push(path),
    });
    this.desk = program.start(runtime) as ActorHandlers;
  }

  link(epoch = 1): void {
    this.desk.linkOpened!(CANDLES, { peerId: "feed", peerEpoch: 1 });
    this.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: epoch });
  }

  candle(seq: number, close = 100): void {
    void this.desk.receive(CANDLES, toBatch([candle(seq, { close })]));
  }

  agent(message: unknown): void {
    void this.desk.receive(AGENT, message);
  }

  skip(seq: number): void {
    this.agent({ type: "decided", seq, actions: [] });
  }

  async ask(query: Record<string, unknown>): Promise<DeskAnswer> {
    return await this.desk.ask!({ agentId: "agt_1", ...query }) as DeskAnswer;
  }

  /** Steps told to the agent. */
  steps(): DeskStepped[] {
    return this.sent.filter(({ link }) => link === AGENT).map(({ message }) =>
      message as DeskStepped
    );
  }

  toldSeqs(): number[] {
    return this.steps().map(({ seq }) => seq);
  }
}

function attached(change: ConfigChange = {}): Bench {
  const bench = new Bench([change]);
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  return bench;
}

Deno.test("desk in lockstep processes a candle only after the decision on the one before", () => {
  const bench = attached();
  for (const seq of [0, 1, 2]) bench.candle(seq);
  assert.deepEqual(bench.toldSeqs(), [0]);
  bench.skip(0);
  assert.deepEqual(bench.toldSeqs(), [0, 1]);
  bench.skip(0);
  assert.deepEqual(bench.toldSeqs(), [0, 1], "an old decision moves nothing");
  bench.skip(1);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2]);
});

Deno.test("desk in lockstep waits for an agent that is away", async () => {
  const bench = new Bench([{}]);
  bench.link();
  for (const seq of [0, 1, 2]) bench.candle(seq);
  await bench.clock.advance(60_000);
  assert.equal((await bench.ask({ type: "account" })).account.seq, 0);
  bench.agent({ type: "attached", decidedSeq: -1 });
  assert.deepEqual(bench.toldSeqs(), [0]);
});

Deno.test("desk in real time goes on after five seconds, and denies what comes late", async () => {
  const bench = attached({ pacing: "realtime" });
  bench.candle(0);
  bench.candle(1);
  assert.deepEqual(bench.toldSeqs(), [0]);
  await bench.clock.advance(4_999);
  assert.deepEqual(bench.toldSeqs(), [0]);
  await bench.clock.advance(1);
  assert.deepEqual(bench.toldSeqs(), [0, 1]);
  bench.candle(2);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2], "nobody waits for it any more");
  bench.agent(submit(0));
  bench.skip(1);
  bench.skip(2);
  bench.candle(3);
  const [denied] = bench.steps().at(-1)!.events;
  assert.ok(denied?.type === "OrderDenied" && denied.code === "INTENT_LATE");
  bench.candle(4);
  assert.equal(bench.toldSeqs().at(-1), 3, "it keeps pace again");
});

Deno.test("desk in real time protects a position while its agent is away", async () => {
  const bench = attached({ pacing: "realtime" });
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  bench.skip(1);
  bench.desk.linkClosed!(AGENT);
  bench.candle(2, 90);
  const { account } = await bench.ask({ type: "account" });
  assert.equal(account.position, null);
  assert.equal(account.losses, 1);
});

Deno.test("desk tells an agent that lags no more than 64 steps ahead", () => {
  const bench = attached({ pacing: "realtime" });
  bench.desk.linkClosed!(AGENT);
  for (let seq = 0; seq < 200; seq++) bench.candle(seq);
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 2 });
  bench.agent({ type: "attached", decidedSeq: -1 });
  assert.equal(bench.toldSeqs().at(-1), 63);
  bench.skip(0);
  assert.equal(bench.toldSeqs().at(-1), 64);
});

Deno.test("desk holds its steps while the agent gives no credit", () => {
  const bench = attached();
  bench.credits = 0;
  bench.candle(0);
  assert.deepEqual(bench.toldSeqs(), []);
  bench.credits = 1;
  bench.desk.credited!(AGENT);
  assert.deepEqual(bench.toldSeqs(), [0]);
});

Deno.test("desk denies orders of an incarnation that was replaced, also after its own restart", () => {
  const bench = attached();
  bench.candle(0);
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 3 });
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: 2 });
  bench.agent({ type: "attached", decidedSeq: -1 });
  bench.agent(submit(0));
  const [denied] = bench.steps().at(-1)!.events;
  assert.ok(denied?.type === "OrderDenied" && denied.code === "EPOCH_STALE");
  assert.match(denied.detail, /Incarnation 2 was replaced by 3/);
  const journal = new TextDecoder().decode(bench.storage.bytes);
  assert.ok(!journal.includes("INTENT"), "nothing of it is on record");
});

Deno.test("desk survives messages that are none", () => {
  const bench = attached();
  for (const message of [null, 7, "x", {}, { type: "decided" }]) {
    bench.agent(message);
  }
  bench.candle(0);
  assert.deepEqual(bench.toldSeqs(), [0]);
});

Deno.test("desk subscribes to the next candle when the link or the account opens, whichever is later", async () => {
  const bench = new Bench([]);
  bench.link();
  assert.deepEqual(bench.sent, []);
  const account = accountConfig({ startSeq: 7 });
  const answer = await bench.ask({ type: "openAccount", account });
  assert.equal(answer.account.seq, -1);
  assert.deepEqual(bench.sent, [{
    link: CANDLES,
    message: { type: "subscribe", fromSeq: 7, windowCandles: 512 },
  }]);
});

Deno.test("desk whose account starts later than its agent tells empty steps for the warm-up", () => {
  const bench = attached({ startSeq: 3 });
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2]);
  bench.candle(3);
  assert.deepEqual(bench.toldSeqs(), [0, 1, 2, 3]);
});

Deno.test("desk reports at most five times a second and account", async () => {
  const bench = attached();
  for (let seq = 0; seq < 1000; seq++) {
    bench.candle(seq);
    bench.skip(seq);
    // deno-lint-ignore no-await-in-loop -- ten milliseconds pass between candles
    await bench.clock.advance(10);
    const last = bench.reports.at(-1);
    if (last !== undefined) {
      // deno-lint-ignore no-await-in-loop -- in this order
      await bench.ask({ type: "acknowledge", sequence: last.sequence });
    }
  }
  assert.ok(bench.reports.length >= 49 && bench.reports.length <= 51);
  assert.deepEqual(
    bench.reports.map(({ sequence }) => sequence),
    bench.reports.map((_, index) => index + 1),
  );
});

Deno.test("desk lets no report leave before its fills are on the disk", async () => {
  const bench = attached();
  let release = () => {};
  bench.storage.sync = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  await bench.clock.advance(1000);
  bench.candle(0);
  await bench.clock.advance(1000);
  const before = bench.reports.length;
  await bench.clock.advance(1000);
  assert.equal(bench.reports.length, before);
  for (let turn = 0; turn < 5; turn++) {
    release();
    // deno-lint-ignore no-await-in-loop -- one sync after the other
    await bench.clock.settle();
  }
  assert.ok(bench.reports.length > before);
});

Deno.test("desk sends reports again after a crash until they are acknowledged, each trade in one", async () => {
  const candles = randomMarket(3, 200);
  const world = new World({ candles, seed: 3 });
  world.finish();
  await world.clock.advance(1000);
  const view = await world.view();
  const first = world.reports.splice(0);
  assert.ok(view.trades > 0);
  world.crashDesk();
  await world.clock.advance(1000);
  assert.deepEqual(
    world.reports.flatMap(({ trades }) => trades),
    first.flatMap(({ trades }) => trades),
  );
  for (const { sequence, trades, account } of world.reports) {
    const before = world.reports.filter((report) =>
      report.sequence <= sequence
    ).flatMap((report) =>
      report.trades
    ).length;
    assert.ok(trades.length === 0 || account.trades === before);
  }
  await world.acknowledge(world.reports.at(-1)!.sequence);
  world.crashDesk();
  await world.clock.advance(1000);
  world.reports.splice(0);
  world.crashDesk();
  await world.clock.advance(1000);
  assert.deepEqual(world.reports.flatMap(({ trades }) => trades), []);
});

Deno.test("desk answers quiesce when the trade of the closed position was reported", async () => {
  const bench = attached();
  bench.candle(0);
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  const { account } = await bench.ask({
    type: "quiesce",
    positions: "close",
    reason: "Stopped by a person",
  });
  assert.equal(account.position, null);
  assert.equal(account.trades, 1);
  assert.equal(bench.reports.at(-1)!.trades.length, 1);
});

Deno.test("desk lets an agent in again that was stopped and starts with the same configuration", async () => {
  const bench = attached();
  bench.candle(0);
  await bench.ask({ type: "quiesce", positions: "keep", reason: "Stopped" });
  await bench.ask({ type: "openAccount", account: accountConfig() });
  bench.agent(submit(0, { stopPrice: 98 }));
  bench.candle(1);
  assert.ok(bench.steps().at(-1)!.hasPosition);
});

Deno.test("desk answers rearm, setEntries and updateAccount with the account", async () => {
  const bench = attached();
  for (
    const query of [
      { type: "rearm", reason: "Checked" },
      { type: "setEntries", allowed: false, reason: "Paused" },
      { type: "updateAccount", account: accountConfig() },
    ]
  ) {
    // deno-lint-ignore no-await-in-loop -- one question after the other
    const { account } = await bench.ask(query);
    assert.equal(account.tradingState, "active");
  }
});

Deno.test("desk closes an account, keeps its journal aside and knows it no more", async () => {
  const bench = attached();
  assert.equal(await bench.ask({ type: "closeAccount" }), null);
  assert.deepEqual(bench.retired, ["/journal/agt_1.journal"]);
  await assert.rejects(bench.ask({ type: "account" }), /no account of agent/);
  assert.equal(await bench.ask({ type: "closeAccount" }), null);
});

Deno.test("desk refuses an agent id that is no file name", async () => {
  const bench = new Bench([]);
  const account = { ...accountConfig(), agentId: "../escape" };
  await assert.rejects(
    bench.ask({ type: "openAccount", account }),
    /letters, digits, dashes or underscores/,
  );
});

Deno.test("desk fails when a command cannot be journaled", async () => {
  const bench = attached();
  bench.storage.writesLeft = 0;
  await assert.rejects(
    bench.ask({ type: "rearm", reason: "x" }),
    /Cannot write journal/,
  );
  await assert.rejects(bench.clock.advance(1), /Cannot write journal/);
});

Deno.test("desk flushes its reports when it stops", async () => {
  const bench = attached();
  bench.candle(0);
  await bench.desk.stop!("drain");
  assert.equal(bench.reports.at(-1)!.account.seq, 0);
});
