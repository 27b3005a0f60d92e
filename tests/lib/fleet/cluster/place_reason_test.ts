import assert from "node:assert/strict";
import type { AgentRecord } from "../../../../lib/contracts/agent.ts";
import type { KnownOwner } from "../../../../lib/contracts/host.ts";
import type { Peer } from "../../../../lib/fleet/cluster/peer_watch.ts";
import { placeUnits } from "../../../../lib/fleet/cluster/placement.ts";
import { unitsOf } from "../../../../lib/fleet/cluster/units.ts";
import { agentOf } from "./world.ts";

const UP = {
  id: "a",
  session: "boot_a",
  role: "host",
  capacity: 10,
  exchanges: ["binance"],
  isLiveArmed: true,
  isDraining: false,
};

function reasonOf(
  record: AgentRecord,
  { host = {}, state = "alive", owners = [] }: {
    host?: Partial<typeof UP>;
    state?: Peer["state"];
    owners?: readonly KnownOwner[];
  },
): string | null {
  const peer = {
    state,
    host: {
      record: { ...UP, ...host },
      sessionStamp: state === "gone" ? null : "1",
      isToDrain: false,
    },
  } as unknown as Peer;
  const [place] = placeUnits({
    units: unitsOf([record]),
    owners: new Map(owners.map((known) => [known.owner.agentId, known])),
    peers: [peer],
  });
  return place!.reason;
}

const LIVE = agentOf("agt_1", {
  mode: "live",
  feed: { kind: "exchange", exchange: "binance", market: "spot" },
});

Deno.test("Place.reason is null where a host may take the agent", () => {
  assert.equal(reasonOf(agentOf("agt_1"), {}), null);
  assert.equal(reasonOf(LIVE, {}), null);
});

Deno.test("Place.reason says why no host may take an agent, each case in its words", () => {
  const known: KnownOwner = {
    owner: {
      agentId: "agt_1",
      hostId: "lost",
      session: "boot_old",
      epoch: 1,
      from: null,
      at: 0,
    },
    versionstamp: "1",
  };
  const paper = agentOf("agt_1");
  const cases: readonly [RegExp, string | null][] = [
    [/waits for the host "lost"/, reasonOf(LIVE, { owners: [known] })],
    [/No host that takes agents is up/, reasonOf(paper, { state: "silent" })],
    [
      /No host that takes agents is up/,
      reasonOf(paper, { host: { isDraining: true } }),
    ],
    [/EXCHANGES/, reasonOf(LIVE, { host: { exchanges: [] } })],
    [/TRADING_MODE/, reasonOf(LIVE, { host: { isLiveArmed: false } })],
    [/has room/, reasonOf(paper, { host: { capacity: 0 } })],
  ];
  for (const [words, reason] of cases) assert.match(reason ?? "", words);
});
