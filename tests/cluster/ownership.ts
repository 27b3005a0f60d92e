/**
 * Who owned which agent when, as the versionstamps of the store tell, and
 * whether anybody else has written what only the owner may.
 *
 * @module
 */
import type { AgentOwner } from "../../lib/contracts/host.ts";
import type { Mutation } from "../support/kv_connect/messages.ts";
import { textsOf, valueOf } from "./wire_entries.ts";
import type { DoneWrite } from "./wire_tap.ts";

/** Entries of an agent that its owner alone writes. */
const OWNED: ReadonlySet<string> = new Set([
  "observed",
  "view",
  "risk",
  "equity",
  "trade",
  "snapshot_head",
  "snapshot",
  "journal_head",
  "journal_row",
  "journal_chunk",
]);

const UP: readonly string[] = ["running", "paused"];

/** One owner of an agent. */
export interface Taking {
  owner: AgentOwner;
  /** Of the commit that took it. */
  stamp: string;
  atMs: number;
  /** Since when the agent was up with this owner; null where it never was. */
  upAtMs: number | null;
}

/** From this commit on a host had this session; null for none. */
interface SessionChange {
  stamp: string;
  session: string | null;
}

interface OwnedWrite {
  stamp: string;
  agentId: string;
  family: string;
  by: string;
}

/** Told of every write of every process. */
export class OwnershipRecord {
  readonly #takings = new Map<string, Taking[]>();
  readonly #sessions = new Map<string, SessionChange[]>();
  /** Writes that are still to be examined. */
  #writes: OwnedWrite[] = [];
  #newest = "";
  /** Commits up to here have been told of by every process for long. */
  #examinedUpTo = "";
  /** Of an owner's sessions that were ended by others, with whom. */
  readonly ended: { hostId: string; by: string; atMs: number }[] = [];
  readonly overlaps: string[] = [];
  /** Writes of agents that were examined. */
  examined = 0;

  /** Takes a write that the process `by` has made. */
  take({ stamp, mutations, atMs }: DoneWrite, by: string): void {
    if (stamp > this.#newest) this.#newest = stamp;
    for (const mutation of mutations) {
      const [family = "", id = ""] = textsOf(mutation.key);
      if (family === "owner") this.#takeOwner(mutation, { stamp, id, atMs });
      else if (family === "host_session") {
        this.#takeSession(mutation, { stamp, id, by, atMs });
      } else if (OWNED.has(family)) {
        this.#writes.push({ stamp, agentId: id, family, by });
        if (family === "observed") {
          this.#takeObserved(mutation, { stamp, id, atMs });
        }
      }
    }
  }

  /** Owners of an agent, first one first. */
  takingsOf(agentId: string): readonly Taking[] {
    return this.#takings.get(agentId) ?? [];
  }

  /** Whether the newest owner of an agent may still write, and has it up. */
  isUp(agentId: string): boolean {
    const taking = this.takingsOf(agentId).at(-1);
    if (taking === undefined || taking.upAtMs === null) return false;
    const { hostId, session } = taking.owner;
    return this.#sessions.get(hostId)?.at(-1)?.session === session;
  }

  /** Agents that a host owns by the newest taking. */
  ownedBy(hostId: string): string[] {
    return [...this.#takings].filter(([, takings]) =>
      takings.at(-1)?.owner.hostId === hostId
    ).map(([agentId]) => agentId);
  }

  /** Examines what is older than the last call; all of it at the end. */
  examine({ isEnd = false }: { isEnd?: boolean } = {}): void {
    const upTo = isEnd ? this.#newest : this.#examinedUpTo;
    this.#examinedUpTo = this.#newest;
    const later: OwnedWrite[] = [];
    for (const write of this.#writes) {
      if (write.stamp > upTo) later.push(write);
      else this.#examineWrite(write);
    }
    this.#writes = later;
    if (isEnd) this.#examineTakings();
  }

  #takeOwner(
    mutation: Mutation,
    { stamp, id, atMs }: { stamp: string; id: string; atMs: number },
  ): void {
    const owner: AgentOwner | undefined = valueOf(mutation)?.owner;
    if (owner === undefined) return;
    const takings = this.#takings.get(id) ?? [];
    takings.push({ owner, stamp, atMs, upAtMs: null });
    takings.sort((a, b) => a.stamp < b.stamp ? -1 : 1);
    this.#takings.set(id, takings);
  }

  #takeSession(
    mutation: Mutation,
    { stamp, id, by, atMs }: {
      stamp: string;
      id: string;
      by: string;
      atMs: number;
    },
  ): void {
    const session: string | null = valueOf(mutation)?.session ?? null;
    const changes = this.#sessions.get(id) ?? [];
    changes.push({ stamp, session });
    changes.sort((a, b) => a.stamp < b.stamp ? -1 : 1);
    this.#sessions.set(id, changes);
    if (session === null && by !== id) {
      this.ended.push({ hostId: id, by, atMs });
    }
  }

  #takeObserved(
    mutation: Mutation,
    { stamp, id, atMs }: { stamp: string; id: string; atMs: number },
  ): void {
    const state: string = valueOf(mutation)?.value?.state ?? "";
    if (!UP.includes(state)) return;
    const taking = this.takingsOf(id).findLast((one) => one.stamp < stamp);
    if (taking !== undefined) taking.upAtMs ??= atMs;
  }

  #examineWrite({ stamp, agentId, family, by }: OwnedWrite): void {
    this.examined++;
    const taking = this.takingsOf(agentId).findLast((one) =>
      one.stamp <= stamp
    );
    const what = `${family} of ${agentId} was written at ${stamp} by "${by}"`;
    if (taking === undefined) {
      this.overlaps.push(`${what}, and nobody owned it`);
      return;
    }
    const { hostId, session, epoch } = taking.owner;
    if (hostId !== by) {
      this.overlaps.push(`${what}, and "${hostId}" owned it (owner ${epoch})`);
    } else if (this.#sessionAt(hostId, stamp) !== session) {
      this.overlaps.push(`${what} after its session had ended`);
    }
  }

  #examineTakings(): void {
    for (const [agentId, takings] of this.#takings) {
      takings.forEach(({ owner, stamp }, index) => {
        const before = takings[index - 1]?.owner;
        const what = `owner ${owner.epoch} of ${agentId} ("${owner.hostId}")`;
        if (owner.epoch !== (before?.epoch ?? 0) + 1) {
          this.overlaps.push(`${what} follows owner ${before?.epoch ?? 0}`);
        }
        if (this.#sessionAt(owner.hostId, stamp) !== owner.session) {
          this.overlaps.push(`${what} took it without a session`);
        }
        if (before === undefined || before.session === owner.session) return;
        if (this.#sessionAt(before.hostId, stamp) === before.session) {
          this.overlaps.push(
            `${what} took it while the session of "${before.hostId}" was in force`,
          );
        }
      });
    }
  }

  #sessionAt(hostId: string, stamp: string): string | null {
    return this.#sessions.get(hostId)?.findLast((change) =>
      change.stamp <= stamp
    )?.session ?? null;
  }
}
