import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Behavior } from "../../../../actors/behavior.ts";
import { recordBehavior } from "../../../../actors/recorded_behavior.ts";
import { patternDetector } from "../../../../agents/mod.ts";
import { runBacktest } from "../../../../lib/backtest/engine.ts";
import { runReplayCommand } from "../../../../lib/backtest/recording/command.ts";
import { replaySession } from "../../../../lib/backtest/recording/replay_session.ts";
import {
  readSession,
  type SessionFooter,
  SessionWriter,
} from "../../../../lib/backtest/recording/session_file.ts";
import { headLine } from "../../../../lib/backtest/recording/session_lines.ts";
import { AppError } from "../../../../lib/core/errors.ts";
import { fromValueText, toValueText } from "../../../../lib/core/value_text.ts";
import { behavior, simulated, testConfig } from "../setup.ts";

interface Recorded {
  bytes: Uint8Array<ArrayBuffer>;
  footer: SessionFooter;
  tradesHash: string;
  trades: number;
}

async function recordRun(seed: number, count: number): Promise<Recorded> {
  const blocks: Uint8Array[] = [];
  const writer = new SessionWriter(
    behavior.name,
    (bytes) => void blocks.push(bytes),
  );
  const result = await runBacktest({
    candles: simulated(seed, count),
    config: testConfig(),
    behavior: recordBehavior(behavior, (turn) => writer.turn(turn)),
  });
  const footer = writer.finish();
  const bytes = new Uint8Array(await new Blob(blocks as BlobPart[]).bytes());
  const { tradesHash, trades } = result;
  return { bytes, footer, tradesHash, trades };
}

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let from = 0; from < bytes.length; from += size) {
    yield await Promise.resolve(bytes.subarray(from, from + size));
  }
}

const known = (name: string) =>
  name === patternDetector.name ? patternDetector as Behavior : null;

const run = await recordRun(5, 4_000);

Deno.test("replaySession() repeats a recorded session bit for bit, whatever the pieces it is read in", async () => {
  assert.ok(run.trades > 10, `${run.trades} trades`);
  assert.ok(run.footer.decisions > run.trades);
  for (const size of [97, 65_536, run.bytes.length]) {
    const verdict = await replaySession(
      readSession(inPieces(run.bytes, size), "session"),
      known,
    );
    assert.equal(verdict.isEqual, true, JSON.stringify(verdict.difference));
    assert.equal(verdict.decisionsHash, run.footer.decisionsHash);
    assert.equal(verdict.turns, run.footer.turns);
  }
});

Deno.test("recordBehavior() changes nothing of the run it records", async () => {
  const plain = await runBacktest({
    candles: simulated(5, 4_000),
    config: testConfig(),
    behavior,
  });
  assert.equal(plain.tradesHash, run.tradesHash);
});

Deno.test("replaySession() says where a behaviour of another build decides otherwise", async () => {
  const changed: Behavior = {
    ...patternDetector as Behavior,
    start: (init) => {
      const { config } = init.config as { config: { name: string } };
      const other = structuredClone(config) as ReturnType<typeof testConfig>;
      other.strategies.fvg.minGapAtr += 0.5;
      other.strategies.orderBlock.targetR += 1;
      const next = { ...init.config as object, config: other };
      return (patternDetector as Behavior).start({ ...init, config: next });
    },
  };
  const verdict = await replaySession(
    readSession(inPieces(run.bytes, 65_536), "session"),
    () => changed,
  );
  assert.equal(verdict.isEqual, false);
  assert.notEqual(verdict.decisionsHash, verdict.recordedHash);
  assert.ok(verdict.difference!.turn > 1);
});

/** What becomes of a replay. */
async function outcome(bytes: Uint8Array): Promise<string> {
  const parts = readSession(inPieces(bytes, 4_096), "a.session");
  return await replaySession(parts, known).then(
    ({ isEqual }) => isEqual ? "equal" : "differs",
    (error) => {
      if (error instanceof AppError) return "refused";
      throw error;
    },
  );
}

async function refusal(bytes: Uint8Array): Promise<string> {
  const reading = replaySession(
    readSession(inPieces(bytes, 4_096), "a.session"),
    known,
  );
  const error = await reading.then(() => null, (reason) => reason as Error);
  return `${(error as { code?: string } | null)?.code}: ${error?.message}`;
}

Deno.test("replaySession() takes a recording that is cut off wherever a crash left it, up to there", async () => {
  const { length } = run.bytes;
  for (const cut of [0.1, 0.5, 0.9].map((part) => Math.floor(part * length))) {
    const verdict = await replaySession(
      readSession(inPieces(run.bytes.subarray(0, cut), 4_096), "a.session"),
      known,
    );
    assert.equal(verdict.isEqual, true, JSON.stringify(verdict.difference));
    assert.equal(verdict.isWhole, false);
    assert.ok(verdict.turns > 1 && verdict.turns < run.footer.turns);
    assert.equal(verdict.recordedHash, verdict.decisionsHash);
  }
});

Deno.test("readSession() refuses what is empty, without a turn, changed or no recording", async () => {
  const empty = await refusal(new Uint8Array(0));
  assert.match(empty, /RECORDING_INVALID: a\.session/);
  const noTurn = await refusal(gzipSync(headLine(behavior.name, null)));
  assert.match(noTurn, /RECORDING_INVALID: a\.session ends before the first/);
  for (const place of [0.2, 0.5, 0.8]) {
    const changed = run.bytes.slice();
    changed[Math.floor(place * changed.length)]! ^= 0x55;
    assert.match(await refusal(changed), /RECORDING_INVALID: a\.session/);
    const andCut = changed.subarray(0, Math.floor(0.95 * changed.length));
    assert.notEqual(await outcome(andCut), "equal");
  }
  const text = new TextEncoder().encode("timestamp_ms,open\n1,2\n");
  assert.match(await refusal(text), /cannot be unpacked/);
  const writer: Uint8Array[] = [];
  new SessionWriter("x", (block) => void writer.push(block)).finish();
  const other = new Uint8Array(await new Blob(writer as BlobPart[]).bytes());
  assert.match(await refusal(other), /"x", which this build does not have/);
});

Deno.test("runReplayCommand() exits by the verdict and names what is wrong with its arguments", async () => {
  const file = await Deno.makeTempFile({ suffix: ".session" });
  await Deno.writeFile(file, run.bytes);
  const texts: string[] = [];
  const context = {
    behaviorOf: known,
    cwd: "/",
    out: (text: string) => void texts.push(text),
    err: (text: string) => void texts.push(text),
  };
  assert.equal(await runReplayCommand([file], context), 0);
  assert.match(texts.join(""), /The same bit for bit: \d+ turns/);
  assert.equal(await runReplayCommand([], context), 2);
  assert.equal(await runReplayCommand(["a", "b"], context), 2);
  assert.equal(await runReplayCommand(["--wrong"], context), 2);
  assert.equal(await runReplayCommand(["/no/such/file"], context), 2);
  assert.match(texts.join(""), /cannot be opened: check the name/);
  await Deno.remove(file);
});

Deno.test("toValueText() and fromValueText() keep every bit", () => {
  const leaf = fc.oneof(
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(NaN, Infinity, -Infinity, -0),
    fc.array(fc.double()).map((values) => new Float64Array(values)),
    fc.array(fc.nat(255)).map((values) => new Uint8Array(values)),
    fc.array(fc.nat()).map((values) => new Uint32Array(values)),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      leaf,
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.constantFrom("a", "b", "c d"), tie("tree")),
    ),
  }));
  fc.assert(fc.property(tree, (value) => {
    const text = toValueText(value);
    assert.deepEqual(
      fromValueText(text),
      plain(value),
    );
    assert.equal(toValueText(fromValueText(text)), text);
  }));
});

/** Dictionaries of fast-check have no prototype; what is read back has one. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (
    typeof value !== "object" || value === null || ArrayBuffer.isView(value)
  ) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, plain(field)]),
  );
}
