import assert from "node:assert/strict";
import fc from "fast-check";
import type { AgentRecord } from "../../../../lib/contracts/agent.ts";
import type { KnownOwner } from "../../../../lib/contracts/host.ts";
import type { Peer } from "../../../../lib/fleet/cluster/peer_watch.ts";
import {
  isInForce,
  placeUnits,
} from "../../../../lib/fleet/cluster/placement.ts";
import { unitsOf } from "../../../../lib/fleet/cluster/units.ts";
import { agentOf } from "./world.ts";

function peer(
  id: string,
  change: Partial<Peer["host"]["record"]> & { state?: Peer["state"] } = {},
): Peer {
  const { state = "alive", ...record } = change;
  return {
    state,
    host: {
      record: {
        id,
        session: `boot_${id}`,
        role: "host",
        capacity: 100,
        exchanges: ["binance"],
        isLiveArmed: false,
        isDraining: false,
        ...record,
      } as Peer["host"]["record"],
      sessionStamp: state === "gone" ? null : "1",
      isToDrain: false,
    },
  };
}

function owned(agentId: string, hostId: string, session = `boot_${hostId}`) {
  const owner = { agentId, hostId, session, epoch: 1, from: null, at: 0 };
  return [agentId, { owner, versionstamp: "1" }] as const;
}

function live(
  id: string,
  change: Partial<AgentRecord["config"]> = {},
): AgentRecord {
  return agentOf(id, {
    mode: "live",
    feed: { kind: "exchange", exchange: "binance", market: "spot" },
    ...change,
  });
}

function hostOf(
  records: readonly AgentRecord[],
  { peers, owners = [] }: {
    peers: readonly Peer[];
    owners?: readonly (readonly [string, KnownOwner])[];
  },
) {
  const places = placeUnits({
    units: unitsOf(records),
    owners: new Map(owners),
    peers,
  });
  return Object.fromEntries(
    places.flatMap(({ unit, hostId }) =>
      unit.members.map(({ id }) => [id, hostId])
    ),
  );
}

Deno.test("placeUnits() spreads agents that nobody owns over the hosts with most room", () => {
  const records = ["agt_1", "agt_2", "agt_3", "agt_4"].map((id) => agentOf(id));
  assert.deepEqual(hostOf(records, { peers: [peer("a"), peer("b")] }), {
    agt_1: "a",
    agt_2: "b",
    agt_3: "a",
    agt_4: "b",
  });
});

Deno.test("placeUnits() brings an agent back to the host that had it, where that has started again", () => {
  const peers = [peer("a"), peer("b", { session: "boot_b2" })];
  const owners = [owned("agt_1", "b")];
  assert.deepEqual(hostOf([agentOf("agt_1")], { peers, owners }), {
    agt_1: "b",
  });
});

Deno.test("placeUnits() gives nothing to a host that is silent, drains, is full, or is there for the panel only", () => {
  const peers = [
    peer("a", { state: "silent" }),
    peer("b", { isDraining: true }),
    peer("c", { capacity: 0 }),
    peer("d", { role: "control" }),
  ];
  assert.deepEqual(hostOf([agentOf("agt_1")], { peers }), { agt_1: null });
});

Deno.test("placeUnits() leaves an agent that trades with money to the host that had it", () => {
  const peers = [
    peer("a", { state: "gone", isLiveArmed: true }),
    peer("b", { isLiveArmed: true }),
  ];
  const owners = [owned("agt_1", "a")];
  assert.deepEqual(hostOf([live("agt_1")], { peers, owners }), {
    agt_1: null,
  });
  assert.deepEqual(hostOf([live("agt_1")], { peers }), { agt_1: "b" });
});

Deno.test("placeUnits() moves no agent that trades with money to a host of others that it came to belong with", () => {
  const peers = [
    peer("a", { state: "gone", isLiveArmed: true }),
    peer("b", { isLiveArmed: true }),
  ];
  // The other one leads the unit, or is led.
  for (const other of ["agt_1", "agt_3"]) {
    const owners = [owned("agt_2", "a"), owned(other, "b")];
    const units = unitsOf([
      live("agt_2"),
      agentOf(other, { sources: ["agt_2"] }),
    ]);
    const [place] = placeUnits({ units, owners: new Map(owners), peers });
    assert.equal(place!.hostId, null);
    assert.match(place!.reason!, /on several hosts \("a", "b"\)/);
    assert.match(place!.reason!, /waits for "a"/);
    // Once its host is there again, and the other one has to go somewhere, that goes there.
    const back = [
      peer("a", { session: "boot_2", isLiveArmed: true }),
      peer("b", { state: "gone" }),
    ];
    const [again] = placeUnits({ units, owners: new Map(owners), peers: back });
    assert.equal(again!.hostId, "a");
  }
});

Deno.test("Place.bound tells the hosts that have agents of a unit, and those that wait for one", () => {
  const peers = [peer("a"), peer("b"), peer("c", { state: "gone" })];
  const records = [
    agentOf("agt_1"),
    agentOf("agt_2", { sources: ["agt_1"] }),
    live("agt_3", { sources: ["agt_1"] }),
    agentOf("agt_4", { sources: ["agt_1"] }),
  ];
  const owners = [
    owned("agt_1", "a"),
    owned("agt_2", "b"),
    owned("agt_3", "c"),
    // On paper it may go anywhere.
    owned("agt_4", "c"),
  ];
  const units = unitsOf(records);
  const [place] = placeUnits({ units, owners: new Map(owners), peers });
  assert.deepEqual(
    [...place!.bound].map(([id, bound]) => [id, bound.map(({ id }) => id)]),
    [["a", ["agt_1"]], ["b", ["agt_2"]], ["c", ["agt_3"]]],
  );
});

Deno.test("placeUnits() chooses a host that may reach the exchange and trade with money", () => {
  const peers = [
    peer("a", { exchanges: ["binance"] }),
    peer("b", { exchanges: ["kraken"], isLiveArmed: true }),
    peer("c", { isLiveArmed: true }),
  ];
  assert.deepEqual(hostOf([live("agt_1")], { peers }), { agt_1: "c" });
});

Deno.test("unitsOf() keeps together who listens to each other, teams, risk managers with whom they guard, and users of one exchange key", () => {
  const team = { id: "team_1", name: "T", role: "a", size: 2 };
  const records = [
    agentOf("agt_1"),
    agentOf("agt_2", { sources: ["agt_1"] }),
    { ...agentOf("agt_3"), team },
    { ...agentOf("agt_4"), team },
    agentOf("agt_5", { exchangeKeyId: "key_1" }),
    agentOf("agt_6", { exchangeKeyId: "key_1" }),
    agentOf("agt_7"),
    agentOf("agt_8", {
      type: "risk_manager",
      guard: {
        scope: { kind: "agents", agentIds: ["agt_7"] },
      } as AgentRecord["config"]["guard"],
    }),
    agentOf("agt_9"),
  ];
  assert.deepEqual(
    unitsOf(records).map(({ members }) => members.map(({ id }) => id)),
    [
      ["agt_1", "agt_2"],
      ["agt_3", "agt_4"],
      ["agt_5", "agt_6"],
      ["agt_7", "agt_8"],
      ["agt_9"],
    ],
  );
});

Deno.test("placeUnits() is the same for everybody, moves nobody who is owned, and parts no unit of which nobody is owned", () => {
  const hosts = ["a", "b", "c"];
  const world = fc.record({
    sources: fc.array(fc.option(fc.nat({ max: 11 })), {
      minLength: 12,
      maxLength: 12,
    }),
    owners: fc.array(fc.option(fc.constantFrom(...hosts)), {
      minLength: 12,
      maxLength: 12,
    }),
    states: fc.array(
      fc.constantFrom<Peer["state"]>("alive", "silent", "dead", "gone"),
      { minLength: 3, maxLength: 3 },
    ),
    order: fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
  });
  fc.assert(fc.property(world, ({ sources, owners, states, order }) => {
    const records = sources.map((source, place) =>
      agentOf(`agt_${place}`, {
        sources: source === null ? [] : [`agt_${source}`],
      })
    );
    const known = new Map(
      owners.flatMap((host, place) =>
        host === null ? [] : [owned(`agt_${place}`, host)]
      ),
    );
    const peers = hosts.map((id, place) => peer(id, { state: states[place]! }));
    const input = { units: unitsOf(records), owners: known, peers };
    const places = placeUnits(input);
    const shuffled = order.map((place) => peers[place]!);
    assert.deepEqual(
      placeUnits({ ...input, peers: shuffled }).map(({ hostId }) => hostId),
      places.map(({ hostId }) => hostId),
    );
    for (const { unit, hostId, unowned } of places) {
      for (const { id } of unit.members) {
        const isLeft = unowned.some((record) => record.id === id);
        assert.equal(isLeft, !isInForce(known.get(id), peers));
      }
      const leader = known.get(unit.leader);
      if (isInForce(leader, peers)) assert.equal(hostId, leader.owner.hostId);
    }
  }));
});
