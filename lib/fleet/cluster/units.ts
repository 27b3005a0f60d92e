/**
 * Agents that have to be in one process: their workers talk over links, or one
 * desk must see all of what they do. A unit moves as a whole.
 *
 * @module
 */
import type { AgentRecord } from "../../contracts/agent.ts";
import { hasAccount } from "../../contracts/agent_types.ts";
import { isGuarded } from "../guards/scope.ts";
import { sourcesOf } from "../sources/checks.ts";

/** Agents that share a host. */
export interface Unit {
  /** The smallest id; whoever owns it has the say over the others. */
  leader: string;
  members: readonly AgentRecord[];
}

/**
 * Groups agents: teams, those that listen to each other, a risk manager with
 * whom it guards, and everybody who trades with the same exchange key, because
 * one venue counts their requests and their positions together.
 */
export function unitsOf(records: readonly AgentRecord[]): readonly Unit[] {
  const groups = new Groups(records.map(({ id }) => id));
  const guards = records.filter(({ config }) => !hasAccount(config.type));
  for (const record of records) {
    const { id, config, team } = record;
    if (team !== undefined) groups.join(id, `team ${team.id}`);
    if (config.exchangeKeyId !== undefined) {
      groups.join(id, `key ${config.exchangeKeyId}`);
    }
    for (const source of sourcesOf(config)) {
      if (groups.has(source)) groups.join(id, source);
    }
    for (const guard of guards) {
      // Whether it is meant to run changes often; where it is does not.
      const running = { record: { ...record, desired: "running" as const } };
      if (isGuarded({ record: guard }, running)) groups.join(id, guard.id);
    }
  }
  const units = new Map<string, AgentRecord[]>();
  for (const record of records) {
    const root = groups.rootOf(record.id);
    units.set(root, [...units.get(root) ?? [], record]);
  }
  return [...units.values()].map((members) => {
    const sorted = members.sort((a, b) => a.id < b.id ? -1 : 1);
    return { leader: sorted[0]!.id, members: sorted };
  }).sort((a, b) => a.leader < b.leader ? -1 : 1);
}

/** Disjoint sets of names. */
class Groups {
  readonly #parents = new Map<string, string>();

  constructor(names: readonly string[]) {
    for (const name of names) this.#parents.set(name, name);
  }

  has(name: string): boolean {
    return this.#parents.has(name);
  }

  join(a: string, b: string): void {
    if (!this.has(b)) this.#parents.set(b, b);
    this.#parents.set(this.rootOf(a), this.rootOf(b));
  }

  rootOf(name: string): string {
    const parent = this.#parents.get(name)!;
    if (parent === name) return name;
    const root = this.rootOf(parent);
    this.#parents.set(name, root);
    return root;
  }
}
