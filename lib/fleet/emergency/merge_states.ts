import type {
  EmergencyDeskState,
  Latch,
  StopView,
} from "../../contracts/emergency.ts";
import { RELEASED_KEPT } from "../../desk/emergency/limits.ts";

/** What no desk has told anything of. */
export const NOTHING_TOLD: EmergencyDeskState = {
  latches: [],
  released: [],
  fileProblem: null,
};

/** What several desks know of stops, as one: a stop is in force while it is at one of them. */
export function mergeStates(
  states: readonly EmergencyDeskState[],
): EmergencyDeskState {
  const latches = new Map<string, StopView>();
  for (const stop of states.flatMap((state) => state.latches)) {
    const other = latches.get(stop.id);
    latches.set(stop.id, other === undefined ? stop : mergeStops(other, stop));
  }
  const released = new Map<string, Latch>();
  for (const latch of states.flatMap((state) => state.released)) {
    if (!latches.has(latch.id)) released.set(latch.id, latch);
  }
  return {
    latches: [...latches.values()].sort((a, b) => a.at - b.at),
    released: [...released.values()]
      .sort((a, b) => (b.release?.at ?? 0) - (a.release?.at ?? 0))
      .slice(0, RELEASED_KEPT),
    fileProblem: states.find(({ fileProblem }) => fileProblem !== null)
      ?.fileProblem ?? null,
  };
}

/**
 * The same where some have ended: what these told last holds where nobody that
 * is there knows the stop, unless one of them has released it. Nothing is at
 * work there any more.
 */
export function mergeWithGone(
  states: readonly EmergencyDeskState[],
  gone: readonly EmergencyDeskState[],
): EmergencyDeskState {
  const now = mergeStates(states);
  const before = mergeStates(gone);
  const isReleased = (id: string) =>
    gone.some(({ released }) => released.some((one) => one.id === id));
  const left = before.latches
    .filter(({ id }) => !knows(now, id) && !isReleased(id))
    .map((stop) => ({ ...stop, isWorking: false }));
  const { fileProblem } = now;
  return {
    ...mergeStates([now, { ...before, latches: left }]),
    fileProblem,
  };
}

/** Whether a desk has a stop, in force or released. */
export function knows(
  { latches, released }: EmergencyDeskState,
  id: string,
): boolean {
  return [...latches, ...released].some((one) => one.id === id);
}

/** One stop at two desks. */
function mergeStops(one: StopView, two: StopView): StopView {
  const { scope } = one.scope.kind === "all" ? one : two;
  return {
    ...one,
    // A desk that has no room for more latches widens the last one.
    scope: scope.kind === "all" ? scope : one.scope,
    endedAt: one.endedAt === null || two.endedAt === null
      ? null
      : Math.max(one.endedAt, two.endedAt),
    isAudited: one.isAudited || two.isAudited,
    isWorking: one.isWorking || two.isWorking,
    progress: [...one.progress, ...two.progress],
    residue: [...one.residue, ...two.residue],
  };
}
