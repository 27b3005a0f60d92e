/**
 * What risk managers want of one account. A demand ends when its guard says so,
 * when the guard is taken away, or, once latched, when a person releases it;
 * silence of a guard changes nothing.
 *
 * @module
 */
import type { GuardDemand, GuardHold } from "../../lib/contracts/guard.ts";

/** Holds by the id of their guard. */
export type GuardHolds = Readonly<Record<string, GuardHold>>;

/** What a guard that never wanted anything has. */
export const NO_HOLD: GuardHold = {
  current: null,
  latched: null,
  releases: 0,
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
 * says. What it said before it heard of a release (`releases` are fewer) is not
 * taken: it may be what a person has just let go.
 */
export function takeDemand(
  guards: GuardHolds | undefined,
  said: {
    guardId: string;
    current: GuardDemand | null;
    latched: GuardDemand | null;
    releases: number;
  },
): GuardHolds | undefined {
  const { guardId, current, releases } = said;
  const before = guards?.[guardId] ?? NO_HOLD;
  if (releases < before.releases) return guards;
  const latched = graver(before.latched, said.latched);
  if (
    isSameDemand(before.current, current) &&
    isSameDemand(before.latched, latched)
  ) return guards;
  return { ...guards, [guardId]: { ...before, current, latched } };
}

/** The holds after a guard was stopped or removed, or guards the account no longer: what is latched stays. */
export function dropGuard(
  guards: GuardHolds | undefined,
  guardId: string,
): GuardHolds | undefined {
  const before = guards?.[guardId];
  if (before === undefined || before.current === null) return guards;
  return { ...guards, [guardId]: { ...before, current: null } };
}

/** A person releases what guards have latched: those of the one named, or of all. */
export function releaseGuards(
  guards: GuardHolds | undefined,
  only: string | null = null,
): GuardHolds | undefined {
  if (guards === undefined) {
    return only === null ? undefined : { [only]: { ...NO_HOLD, releases: 1 } };
  }
  const next: Record<string, GuardHold> = { ...guards };
  const ids = only === null ? Object.keys(guards) : [only];
  for (const id of ids) {
    const hold = guards[id] ?? NO_HOLD;
    // What is released by name counts even where this account knows of no latch.
    if (only === null && hold.latched === null) continue;
    // The same rule may stand behind both: it is judged anew by the guard.
    const current = hold.current?.ruleId === hold.latched?.ruleId
      ? null
      : hold.current;
    next[id] = { current, latched: null, releases: hold.releases + 1 };
  }
  return ids.every((id) => next[id] === guards[id]) ? guards : next;
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

/** The first one unless the second is stricter. */
function graver(
  a: GuardDemand | null,
  b: GuardDemand | null,
): GuardDemand | null {
  if (a === null || b === null) return a ?? b;
  return a.state === "reducing" && b.state === "halted" ? b : a;
}
