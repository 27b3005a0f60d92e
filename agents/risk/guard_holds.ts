/**
 * What risk managers want of one account. A demand ends when its guard says so,
 * when the guard is taken away, or, once latched, when a person releases it;
 * silence of a guard changes nothing.
 *
 * @module
 */
import type {
  GuardDemand,
  GuardHold,
  GuardLatch,
} from "../../lib/contracts/guard.ts";
import type { EpochMs } from "../../lib/contracts/primitives.ts";

/** Holds by the id of their guard. */
export type GuardHolds = Readonly<Record<string, GuardHold>>;

/** What a guard that never wanted anything has. */
export const NO_HOLD: GuardHold = {
  current: null,
  latched: null,
  releasedId: 0,
};

/** The strictest demand of all guards, the first one of several; null for none. */
export function gravestDemand(
  guards: GuardHolds | undefined,
): GuardDemand | null {
  if (guards === undefined) return null;
  let gravest: GuardDemand | null = null;
  for (const { current, latched } of Object.values(guards)) {
    for (const demand of [latched, current]) {
      if (demand?.state === "halted") return demand;
      gravest ??= demand;
    }
  }
  return gravest;
}

/** The causes with other holds; the same where nothing changed. */
export function withGuards<Causes extends { guards?: GuardHolds }>(
  causes: Causes,
  guards: GuardHolds | undefined,
): Causes {
  return guards === causes.guards || guards === undefined
    ? causes
    : { ...causes, guards };
}

/**
 * The holds after a guard has spoken. A latch that is known stays whatever it
 * says. One that a person has released meanwhile is not taken again.
 */
export function takeDemand(
  guards: GuardHolds | undefined,
  said: {
    guardId: string;
    current: GuardDemand | null;
    latched: GuardLatch | null;
  },
): GuardHolds | undefined {
  const { guardId, current } = said;
  const before = guards?.[guardId] ?? NO_HOLD;
  const isReleased = said.latched !== null &&
    said.latched.id <= before.releasedId;
  const latched = isReleased
    ? before.latched
    : stricterLatch(before.latched, said.latched);
  const isSame = isSameDemand(before.current, current) &&
    before.latched?.id === latched?.id;
  return isSame
    ? guards
    : { ...guards, [guardId]: { ...before, current, latched } };
}

/** The holds after a guard was stopped or removed, or guards the account no longer: what is latched stays. */
export function dropGuard(
  guards: GuardHolds | undefined,
  guardId: string,
): GuardHolds | undefined {
  const before = guards?.[guardId];
  if (before === undefined) return guards;
  if (before.latched !== null) {
    return before.current === null
      ? guards
      : { ...guards, [guardId]: { ...before, current: null } };
  }
  const { [guardId]: _gone, ...others } = guards!;
  return others;
}

/** A person releases what all guards have latched on the account. */
export function releaseGuards(
  guards: GuardHolds | undefined,
): GuardHolds | undefined {
  if (guards === undefined) return undefined;
  return Object.entries(guards).reduce<GuardHolds>(
    (holds, [guardId, { latched }]) =>
      latched === null
        ? holds
        : releaseGuard(holds, { guardId, releasedId: latched.id })!,
    guards,
  );
}

/** A person releases what one guard has latched up to a moment, whether the account knows of it or not. */
export function releaseGuard(
  guards: GuardHolds | undefined,
  { guardId, releasedId }: { guardId: string; releasedId: EpochMs },
): GuardHolds | undefined {
  const before = guards?.[guardId] ?? NO_HOLD;
  if (releasedId <= before.releasedId) return guards;
  const { latched, current } = before;
  const isOver = latched !== null && latched.id <= releasedId;
  return {
    ...guards,
    [guardId]: {
      // The same rule may stand behind both: the guard judges it anew.
      current: isOver && current?.ruleId === latched.ruleId ? null : current,
      latched: isOver ? null : latched,
      releasedId,
    },
  };
}

/** Whether a demand is new and wants positions closed. */
export function beginsToFlatten(
  before: GuardHold | undefined,
  after: GuardHold | undefined,
): boolean {
  const had = before?.current?.flattens === true ||
    before?.latched?.flattens === true;
  return !had &&
    (after?.current?.flattens === true || after?.latched?.flattens === true);
}

/** Reasons with other figures are not another demand: they would fill journals. */
export function isSameDemand(
  a: GuardDemand | null,
  b: GuardDemand | null,
): boolean {
  if (a === null || b === null) return a === b;
  return a.state === b.state && a.ruleId === b.ruleId && a.code === b.code &&
    a.flattens === b.flattens;
}

/** The stricter one, the newer of equals: a release then covers both. */
function stricterLatch(
  a: GuardLatch | null,
  b: GuardLatch | null,
): GuardLatch | null {
  if (a === null || b === null) return a ?? b;
  if (a.state === b.state) return a.id >= b.id ? a : b;
  return a.state === "halted" ? a : b;
}
