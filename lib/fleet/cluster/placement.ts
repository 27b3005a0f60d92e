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
  /** Why none may, in one sentence; null where one may. */
  reason: string | null;
  unowned: readonly AgentRecord[];
  /** By host, the agents that are there or, because they trade with money, wait for it. Of more than one host the unit is apart. */
  bound: ReadonlyMap<string, readonly AgentRecord[]>;
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
    const bound = boundOf(unit, { owners, peers });
    const pins = pinsOf(unowned, owners);
    const hostId = hostOf(unit, { owners, peers, open, load, bound, pins });
    if (hostId !== null) {
      load.set(hostId, (load.get(hostId) ?? 0) + unowned.length);
    }
    const reason = hostId === null
      ? whyNone(unit, { owners, open, bound, pins })
      : null;
    return { unit, hostId, reason, unowned, bound };
  });
}

function boundOf(
  { members }: Unit,
  { owners, peers }: Pick<PlacementInput, "owners" | "peers">,
): Place["bound"] {
  const bound = new Map<string, AgentRecord[]>();
  for (const record of members) {
    const known = owners.get(record.id);
    const isBound = isInForce(known, peers) || record.config.mode === "live";
    if (known === undefined || !isBound) continue;
    const { hostId } = known.owner;
    bound.set(hostId, [...bound.get(hostId) ?? [], record]);
  }
  return bound;
}

function hostOf(
  unit: Unit,
  { owners, peers, open, load, bound, pins }:
    & Pick<PlacementInput, "owners" | "peers">
    & Pick<Place, "bound">
    & {
      open: readonly HostRecord[];
      load: ReadonlyMap<string, number>;
      /** Hosts that members without one trade with money from. */
      pins: readonly string[];
    },
): string | null {
  const isPinned = pins.length > 0;
  // What came to belong to others since then stays with its host all the same.
  if (isPinned && bound.size > 1) return null;
  const leader = owners.get(unit.leader);
  if (isInForce(leader, peers)) return leader.owner.hostId;
  const able = open.filter((host) =>
    canRun(host, unit) &&
    (load.get(host.id) ?? 0) + unit.members.length <= host.capacity
  );
  if (isPinned) return able.find(({ id }) => bound.has(id))?.id ?? null;
  const known = unit.members.flatMap(({ id }) => owners.get(id) ?? []);
  // To those that are there already, else to where it was.
  const before = [
    ...known.filter((owner) => isInForce(owner, peers)),
    ...known,
  ].find(({ owner }) => able.some(({ id }) => id === owner.hostId));
  if (before !== undefined) return before.owner.hostId;
  if (pinsOf(unit.members, owners).length > 0) return null;
  const [freest] = [...able].sort((a, b) =>
    (load.get(a.id) ?? 0) - (load.get(b.id) ?? 0) || (a.id < b.id ? -1 : 1)
  );
  return freest?.id ?? null;
}

/** The hosts that agents trade with money from: only a person gives one up. */
function pinsOf(
  members: readonly AgentRecord[],
  owners: PlacementInput["owners"],
): readonly string[] {
  const hosts = members.flatMap(({ id, config }) =>
    config.mode === "live" ? owners.get(id)?.owner.hostId ?? [] : []
  );
  return [...new Set(hosts)].sort();
}

function whyNone(
  unit: Unit,
  { owners, open, bound, pins: waiting }:
    & Pick<PlacementInput, "owners">
    & Pick<Place, "bound">
    & { open: readonly HostRecord[]; pins: readonly string[] },
): string {
  const pins = pinsOf(unit.members, owners);
  if (waiting.length > 0 && bound.size > 1) {
    return `It belongs together with agents on several hosts (${
      quoted([...bound.keys()].sort())
    }), of which one trades with money and waits for ${
      quoted(waiting)
    }: change what joins them (sources, the scope of a risk manager), drain the others, or forget that host once it is gone`;
  }
  if (pins.length > 0) {
    return `It trades with money, or belongs together with an agent that does, and waits for the host ${
      quoted(pins)
    }: start that again, or forget it once it is gone`;
  }
  if (open.length === 0) return "No host that takes agents is up: start one";
  const near = open.filter((host) => canReach(host, unit));
  if (near.length === 0) {
    return "No host that is up may reach its exchange: see EXCHANGES of the hosts";
  }
  return near.some((host) => canRun(host, unit))
    ? "No host that may run it has room: start another one, or raise MAX_AGENTS_PER_HOST"
    : "No host that is up may trade with money: see TRADING_MODE of the hosts";
}

function quoted(ids: readonly string[]): string {
  return ids.map((id) => `"${id}"`).join(", ");
}

function canRun(host: HostRecord, unit: Unit): boolean {
  return canReach(host, unit) && (host.isLiveArmed ||
    unit.members.every(({ config }) => config.mode !== "live"));
}

function canReach({ exchanges }: HostRecord, { members }: Unit): boolean {
  return members.every(({ config: { feed } }) =>
    feed.kind !== "exchange" || exchanges.includes(feed.exchange)
  );
}
