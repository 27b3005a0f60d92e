import assert from "node:assert/strict";
import { createSimulatedClock } from "../../../actors/mod.ts";
import type { Behavior } from "../../../actors/behavior.ts";
import { recordBehavior } from "../../../actors/recorded_behavior.ts";
import { RECORDING_LIMITS } from "../../../agents/recording/limits.ts";
import { SessionRecorder } from "../../../agents/recording/session_recorder.ts";
import { runReplayCommand } from "../../../lib/backtest/recording/command.ts";
import type { LogDraft } from "../../../lib/contracts/log.ts";
import type { RecordingReport } from "../../../lib/contracts/recording.ts";
import { RECORDING_QUEUE_BYTES } from "../../../lib/fleet/limits.ts";
import type { AgentRegistry } from "../../../lib/fleet/registry.ts";
import {
  createMemoryRecordings,
  nameOf,
  type RecordingFiles,
} from "../../../lib/fleet/recording_files.ts";
import { Recordings } from "../../../lib/fleet/recordings.ts";
import { createRecordingFiles } from "../../../lib/server/recording_files.ts";
import { withTempDir } from "../../support/temp.ts";

const AGENT = "agt_01JA0000000000000000000000";

/** Answers each message with its number. */
const COUNTER: Behavior = {
  name: "counter",
  snapshotVersion: 1,
  upcasters: {},
  start: () => {
    let count = 0;
    return {
      linkOpened: () => [],
      receive: () => [{ to: "owner", report: ++count }],
      pause: () => [],
      resume: () => [],
      configure: () => "applied",
      snapshot: () => count,
      inspect: () => null,
    };
  },
};

function keeper(files: RecordingFiles) {
  const logs: LogDraft[] = [];
  const work: Promise<unknown>[] = [];
  const entry = { record: { config: { name: "Test" } } };
  const recordings = new Recordings({
    clock: createSimulatedClock({ startMs: 5_000 }),
    agents: { find: () => entry } as unknown as AgentRegistry,
    log: (line) => void logs.push(line),
    track: (promise) => void work.push(promise),
  }, files);
  const take = (report: RecordingReport) =>
    recordings.take({ id: AGENT, epoch: 1 }, report);
  return { recordings, logs, take, settle: () => Promise.all(work) };
}

Deno.test("Recordings keeps a recording that is full whole, with the reason in its last line and in the log", () =>
  withTempDir(async (dir) => {
    const { recordings, logs, take, settle } = keeper(
      createRecordingFiles(dir),
    );
    const recorder = new SessionRecorder({
      behavior: COUNTER.name,
      report: take,
      limits: { ...RECORDING_LIMITS, sessionChars: 4_000 },
    });
    const agent = recordBehavior(COUNTER, (turn) => recorder.take(turn))
      .start({ actorId: AGENT, config: null, snapshot: null });
    for (let seq = 0; seq < 200; seq++) agent.receive("feed", { seq });
    recorder.finish();
    await settle();
    assert.equal(logs.length, 1);
    assert.match(
      logs[0]!.message,
      /is full at 4000 characters; the agent goes/,
    );
    const [info] = await recordings.list(AGENT);
    assert.equal(info!.isWhole, true);
    assert.equal(info!.startedAt, 5_000);
    const texts: string[] = [];
    const code = await runReplayCommand([nameOf(AGENT, 1)], {
      behaviorOf: () => COUNTER,
      cwd: dir,
      out: (text) => void texts.push(text),
      err: (text) => void texts.push(text),
    });
    assert.equal(code, 0, texts.join(""));
    assert.match(texts.join(""), /The same bit for bit: \d\d turns/);
    assert.match(texts.join(""), /ended before its agent: .* is full at 4000/);
  }));

Deno.test("runReplayCommand() says where a recording is cut off, with exit code 0 and isWhole false", () =>
  withTempDir(async (dir) => {
    const { take, settle } = keeper(createRecordingFiles(dir));
    const recorder = new SessionRecorder({
      behavior: COUNTER.name,
      report: take,
    });
    const agent = recordBehavior(COUNTER, (turn) => recorder.take(turn))
      .start({ actorId: AGENT, config: null, snapshot: null });
    for (let seq = 0; seq < 40; seq++) agent.receive("feed", { seq });
    await settle();
    const texts: string[] = [];
    const run = (...more: string[]) =>
      runReplayCommand([nameOf(AGENT, 1), ...more], {
        behaviorOf: () => COUNTER,
        cwd: dir,
        out: (text) => void texts.push(text),
        err: (text) => void texts.push(text),
      });
    assert.equal(await run(), 0);
    assert.match(
      texts.join(""),
      /^Cut off after turn 33, as after a crash; the same bit for bit up to/,
    );
    texts.length = 0;
    assert.equal(await run("--json"), 0);
    const verdict = JSON.parse(texts.join(""));
    assert.equal(verdict.isEqual, true);
    assert.equal(verdict.isWhole, false);
  }));

Deno.test("Recordings ends a recording whose disk does not keep up, and holds no more than its limit", async () => {
  const memory = createMemoryRecordings();
  const disk = Promise.withResolvers<void>();
  let written = 0;
  const { logs, take, settle } = keeper({
    ...memory,
    async write(...write) {
      await disk.promise;
      written += write[1].length;
      await memory.write(...write);
    },
  });
  const block = (isFirst: boolean): RecordingReport => ({
    kind: "recording",
    behavior: "counter",
    isFirst,
    // Noise, so that packing does not shrink it.
    lines: `${noise(1_000_000)}\n`,
    turns: 1,
    decisions: [],
    end: null,
  });
  for (let count = 0; count < 20; count++) take(block(count === 0));
  assert.equal(logs.length, 1);
  assert.match(
    logs[0]!.message,
    /the disk does not keep up; the agent goes on/,
  );
  disk.resolve();
  await settle();
  assert.ok(written <= RECORDING_QUEUE_BYTES, `${written} bytes`);
});

function noise(count: number): string {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 65_536) {
    crypto.getRandomValues(bytes.subarray(at, Math.min(at + 65_536, count)));
  }
  return bytes.toBase64();
}
