/**
 * How much of its emergency stops a process tells with each sign of life. They
 * are part of one entry of the store, and a sign that does not fit is none: the
 * others would take the process for dead. So whatever is told fits: first the
 * accounts are left out, then texts are cut, and what is beyond even that is
 * told as one stop of everything.
 *
 * @module
 */
import { serialize } from "node:v8";
import type {
  EmergencyDeskState,
  Latch,
  StopActor,
  StopView,
} from "../../contracts/emergency.ts";
import { MAX_TOLD_STOP_BYTES, TOLD_TEXTS } from "./limits.ts";

/** How many are kept in each try, of those that did not fit. */
const KEPT_PART = 0.9;

/** Stops at the desks, as much of them as an entry of the store takes. */
export function stopsToTell(state: EmergencyDeskState): EmergencyDeskState {
  if (isFit(state)) return state;
  let told = withoutAccounts(state);
  if (isFit(told)) return told;
  for (const characters of TOLD_TEXTS) {
    told = withShortTexts(told, characters);
    if (isFit(told)) return told;
  }
  return widened(told);
}

function isFit(state: EmergencyDeskState): boolean {
  return serialize(state).byteLength <= MAX_TOLD_STOP_BYTES;
}

function withoutAccounts(state: EmergencyDeskState): EmergencyDeskState {
  const latches = state.latches.map((stop) => ({
    ...stop,
    progress: [],
    residue: [],
  }));
  return { ...state, latches };
}

/** What only people read of it. */
function withShortTexts(
  { latches, released, fileProblem }: EmergencyDeskState,
  characters: number,
): EmergencyDeskState {
  const short = (text: string) => cut(text, characters);
  const actor = (by: StopActor): StopActor => ({ ...by, name: short(by.name) });
  const shorten = <Stop extends Latch>(stop: Stop): Stop => ({
    ...stop,
    reason: short(stop.reason),
    by: actor(stop.by),
    release: stop.release === null ? null : {
      ...stop.release,
      by: actor(stop.release.by),
      reason: short(stop.release.reason),
    },
  });
  return {
    latches: latches.map(shorten),
    released: released.map(shorten),
    fileProblem: fileProblem === null ? null : short(fileProblem),
  };
}

function cut(text: string, characters: number): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters - 1)}…`;
}

/** The oldest stops that fit, and in place of the others the newest one as a stop of everything. */
function widened(state: EmergencyDeskState): EmergencyDeskState {
  const newest: StopView = {
    ...state.latches.at(-1)!,
    scope: { kind: "all" },
    lever: "block",
    withdrawAll: false,
  };
  let kept = state.latches.slice(0, -1);
  for (;;) {
    const told = { ...state, latches: [...kept, newest] };
    if (kept.length === 0 || isFit(told)) return told;
    kept = kept.slice(0, Math.floor(kept.length * KEPT_PART));
  }
}
