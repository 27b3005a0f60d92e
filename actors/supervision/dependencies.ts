/**
 * Who cannot work without whom: tells dependents when something they need is
 * lost or back, refuses cycles, and finds the order in which all can be stopped.
 *
 * @module
 */
import type { LifecycleChanged } from "../../lib/contracts/lifecycle.ts";
import { actorError } from "../errors.ts";
import { isUp } from "../lifecycle.ts";
import type { ChildSpec } from "./child_spec.ts";
import type { EventQueue } from "./event_queue.ts";

/** The part of a spec that says what a child needs. */
export type DependentSpec = Pick<ChildSpec, "id" | "kind" | "dependsOn">;

/** A child, as far as its dependencies are concerned. */
export interface Dependent {
  readonly spec: DependentSpec;
  /** Whether others can work with it. */
  readonly isUp: boolean;
  /** Something it needs is not up any more. */
  dependencyLost(): void;
  /** Something it needs is up, and linked again. */
  dependencyUp(): void;
}

/** The dependencies between the children of one supervisor. */
export class Dependencies {
  readonly #children: ReadonlyMap<string, Dependent>;
  readonly #events: Pick<EventQueue, "together">;

  constructor(
    children: ReadonlyMap<string, Dependent>,
    events: Pick<EventQueue, "together">,
  ) {
    this.#children = children;
    this.#events = events;
  }

  /** What a child has to wait for, as a cause, or null. A child that is not known is not up. */
  waitsFor({ dependsOn = [] }: DependentSpec): string | null {
    const missing = dependsOn
      .filter((id) => this.#children.get(id)?.isUp !== true);
    if (missing.length === 0) return null;
    return `Waits for ${missing.map((id) => `"${id}"`).join(", ")}`;
  }

  /**
   * Tells a change of one child, dependents included. They are told to stop
   * before it is gone and to go on after it is back, so that at no point of the
   * stream of events a dependent works while what it needs does not.
   */
  tell(change: LifecycleChanged, emit: () => void): void {
    const wasUp = isUp(change.from);
    if (wasUp === isUp(change.to)) return emit();
    this.#events.together(() => {
      const dependents = this.#dependentsOf(change.id);
      if (wasUp) { for (const child of dependents) child.dependencyLost(); }
      emit();
      if (!wasUp) { for (const child of dependents) child.dependencyUp(); }
    });
  }

  /** @throws {AppError} `DEPENDENCY_CYCLE` if `spec` would depend on itself. */
  assertNoCycle(spec: DependentSpec): void {
    const path = this.#pathTo(spec.id, { from: spec, seen: new Set() });
    if (path === null) return;
    const names = [spec.id, ...path].map((id) => `"${id}"`).join(" on ");
    throw actorError(
      "DEPENDENCY_CYCLE",
      `Cannot start actor "${spec.id}": it would depend on itself (${names}). Remove one of these dependencies`,
    );
  }

  #dependentsOf(id: string): Dependent[] {
    return [...this.#children.values()]
      .filter(({ spec }) => spec.dependsOn?.includes(id) === true);
  }

  #pathTo(
    id: string,
    { from, seen }: { from: DependentSpec; seen: Set<string> },
  ): string[] | null {
    for (const next of from.dependsOn ?? []) {
      if (next === id) return [next];
      const spec = this.#children.get(next)?.spec;
      if (spec === undefined || seen.has(next)) continue;
      seen.add(next);
      const path = this.#pathTo(id, { from: spec, seen });
      if (path !== null) return [next, ...path];
    }
    return null;
  }
}

/**
 * The order in which children can be stopped: the latest start first, but
 * nothing before what depends on it. Neighbours of one kind that do not need
 * each other form a group and stop together.
 */
export function groupForDrain<Child extends { readonly spec: DependentSpec }>(
  children: readonly Child[],
): Child[][] {
  const groups: Child[][] = [];
  for (const child of orderForDrain(children.toReversed())) {
    const group = groups.at(-1);
    const isNeighbour = group?.[0]?.spec.kind === child.spec.kind &&
      !group.some(({ spec }) => spec.dependsOn?.includes(child.spec.id));
    if (isNeighbour) group!.push(child);
    else groups.push([child]);
  }
  return groups;
}

function orderForDrain<Child extends { readonly spec: DependentSpec }>(
  children: readonly Child[],
): Child[] {
  const ordered = new Set<Child>();
  const visit = (child: Child) => {
    if (ordered.has(child)) return;
    for (const other of children) {
      if (other.spec.dependsOn?.includes(child.spec.id)) visit(other);
    }
    ordered.add(child);
  };
  children.forEach(visit);
  return [...ordered];
}
