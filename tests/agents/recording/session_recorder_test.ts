import assert from "node:assert/strict";
import fc from "fast-check";
import { REPORTS_WAITING_MAX } from "../../../actors/limits.ts";
import type { RecordedTurn } from "../../../actors/recorded_behavior.ts";
import { RECORDING_LIMITS } from "../../../agents/recording/limits.ts";
import {
  type RecorderLimits,
  SessionRecorder,
} from "../../../agents/recording/session_recorder.ts";
import type { RecordingReport } from "../../../lib/contracts/recording.ts";
import { toValueText } from "../../../lib/core/value_text.ts";

const SMALL: RecorderLimits = {
  blockChars: 400,
  blockTurns: 3,
  smallBlocks: 5,
  sessionChars: 5_000,
};

function turnOf(size: number): RecordedTurn {
  const message = "x".repeat(size);
  return { input: { type: "message", link: "feed", message }, outputs: [] };
}

function record(
  turns: readonly RecordedTurn[],
  limits: RecorderLimits = SMALL,
): RecordingReport[] {
  const reports: RecordingReport[] = [];
  const recorder = new SessionRecorder({
    behavior: "test",
    report: (report) => void reports.push(report),
    limits,
  });
  for (const turn of turns) recorder.take(turn);
  recorder.finish();
  return reports;
}

Deno.test("SessionRecorder sends every turn once and in order, in bounded blocks, up to its limit", () => {
  fc.assert(fc.property(fc.array(fc.nat(500), { maxLength: 80 }), (sizes) => {
    const turns = sizes.map(turnOf);
    const reports = record(turns);
    const sent = reports.map(({ lines }) => lines).join("");
    const all = turns.map((turn) => `${toValueText(turn)}\n`);
    assert.ok(all.join("").startsWith(sent));
    assert.ok(sent.length <= SMALL.sessionChars);
    const count = reports.reduce((sum, { turns }) => sum + turns, 0);
    assert.equal(sent.split("\n").length - 1, count);
    const isAll = count === all.length;
    const ends = reports.filter(({ end }) => end !== null);
    assert.equal(ends.length, 1);
    assert.equal(reports.at(-1), ends[0]);
    assert.equal(ends[0]!.end!.reason === null, isAll);
    assert.deepEqual(
      reports.map(({ isFirst }) => isFirst),
      reports.map((_, index) => index === 0),
    );
    const most = SMALL.smallBlocks + 2 +
      Math.ceil(SMALL.sessionChars / SMALL.blockChars);
    assert.ok(reports.length <= most, `${reports.length} reports`);
  }));
});

Deno.test("SessionRecorder cannot fail its actor: all its reports fit into half of those that may wait", () => {
  const { sessionChars, blockChars, smallBlocks } = RECORDING_LIMITS;
  const most = smallBlocks + 2 + Math.ceil(sessionChars / blockChars);
  assert.ok(most <= REPORTS_WAITING_MAX / 2, `${most} reports`);
});

Deno.test("SessionRecorder ends the recording with the reason where it is full, and takes no more", () => {
  const reports = record(Array.from({ length: 30 }, () => turnOf(300)));
  assert.match(
    reports.at(-1)!.end!.reason!,
    /full at 5000 characters/,
  );
});

Deno.test("SessionRecorder ends the recording at a turn that cannot be written", () => {
  const odd = { ...turnOf(3), outputs: [{ to: "owner", report: new Map() }] };
  const reports = record([turnOf(1), odd as RecordedTurn, turnOf(2)]);
  assert.equal(reports.length, 1);
  assert.equal(reports[0]!.turns, 1);
  assert.match(reports[0]!.end!.reason!, /cannot be written: TypeError/);
});

Deno.test("SessionRecorder sends the start at once and what it has before a failure", () => {
  const reports: RecordingReport[] = [];
  const recorder = new SessionRecorder({
    behavior: "test",
    report: (report) => void reports.push(report),
  });
  const input = { type: "start", actorId: "a", config: {}, snapshot: null };
  recorder.take({ input, outputs: [] } as RecordedTurn);
  assert.equal(reports.length, 1);
  recorder.flush();
  assert.equal(reports.length, 1);
  recorder.take(turnOf(5));
  recorder.flush();
  assert.deepEqual(reports.map(({ turns }) => turns), [1, 1]);
});
