/**
 * Which host takes which agents. Every host computes this from what the store
 * says and takes its own share; the store decides where two of them differ.
 *
 * @module
 */
import type { AgentRecord } from "../../contracts/agent.ts";
import type { HostRecord, KnownOwner } from "../../contracts/host.ts";
import type { Peer } from "./peer_watch.ts";
import type { Unit } from "./units.ts";

/** What a placement is made from. */
export interface PlacementInput {
  units: readonly Unit[];
  /** By agent. */
  owners: ReadonlyMap<string, KnownOwner>;
  peers: readonly Peer[];
}

/** The host of a unit, and its members that nobody owns any more, the leader first. */
export interface Place {
  unit: Unit;
  /** Null where no host may take it. */
  hostId: string | null;
  unowned: readonly AgentRecord[];
}

/** Whether an owner's session is still in force. */
export function isInForce(
  owner: KnownOwner | undefined,
  peers: readonly Peer[],
): owner is KnownOwner {
  return owner !== undefined &&
    peers.some(({ host, state }) =>
      state !== "gone" && host.record.id === owner.owner.hostId &&
      host.record.session === owner.owner.session
    );
}

/**
 * Finds a host for every unit that has none: the one that had it last where
 * that is back, else the one with the fewest agents. An agent that trades with
 * money stays where it was: only a person gives up a host whose exchange keys
 * and address it trades with.
 */
export function placeUnits(
  { units, owners, peers }: PlacementInput,
): readonly Place[] {
  const load = new Map<string, number>();
  for (const owner of owners.values()) {
    if (!isInForce(owner, peers)) continue;
    const { hostId } = owner.owner;
    load.set(hostId, (load.get(hostId) ?? 0) + 1);
  }
  const open = peers.filter(({ host, state }) =>
    state === "alive" && host.record.role !== "control" &&
    !host.record.isDraining && !host.isToDrain
  ).map(({ host }) => host.record);
  return units.map((unit) => {
    const unowned = unit.members.filter(({ id }) =>
      !isInForce(owners.get(id), peers)
    );
    const hostId = hostOf(unit, { owners, peers, open, load });
    if (hostId !== null) {
      load.set(hostId, (load.get(hostId) ?? 0) + unowned.length);
    }
    return { unit, hostId, unowned };
  });
}

function hostOf(
  unit: Unit,
  { owners, peers, open, load }:
    & Pick<PlacementInput, "owners" | "peers">
    & { open: readonly HostRecord[]; load: ReadonlyMap<string, number> },
): string | null {
  const leader = owners.get(unit.leader);
  if (isInForce(leader, peers)) return leader.owner.hostId;
  const able = open.filter((host) =>
    canRun(host, unit) &&
    (load.get(host.id) ?? 0) + unit.members.length <= host.capacity
  );
  const known = unit.members.flatMap(({ id }) => owners.get(id) ?? []);
  // To those that are there already, else to where it was.
  const before = [
    ...known.filter((owner) => isInForce(owner, peers)),
    ...known,
  ].find(({ owner }) => able.some(({ id }) => id === owner.hostId));
  if (before !== undefined) return before.owner.hostId;
  const isPinned = unit.members.some(({ id, config }) =>
    config.mode === "live" && owners.has(id)
  );
  if (isPinned) return null;
  const [freest] = [...able].sort((a, b) =>
    (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1)
  );
  return freest?.id ?? null;
}

function canRun(host: HostRecord, unit: Unit): boolean {
  return unit.members.every(({ config: { feed, mode } }) =>
    (feed.kind !== "exchange" || host.exchanges.includes(feed.exchange)) &&
    (mode !== "live" || host.isLiveArmed)
  );
}
