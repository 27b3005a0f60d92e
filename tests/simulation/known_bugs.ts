/**
 * Bugs that are planted from outside, each one that some platform has had, to
 * see that the oracle finds them. Nothing in the product knows of them: they
 * stand between its parts.
 *
 * @module
 */
import { createMemoryPorts } from "../../actors/memory_ports.ts";
import type { ActorMessage, OwnerMessage } from "../../actors/protocol.ts";
import type { DeskReport } from "../../lib/contracts/account.ts";
import type { DeskConfig, DeskQuery } from "../../lib/contracts/desk.ts";
import { LINKS } from "../../lib/contracts/links.ts";
import type { JournalStorage } from "../../lib/desk/journal/storage.ts";
import { PAPER_DESK_ID } from "../../lib/fleet/desk_ids.ts";
import { smallScenario } from "./crash_points.ts";
import { wrongBeginning } from "./known_bugs_segments.ts";
import type { HostTamper, SimulatedHost } from "./machine/host.ts";
import type { Promised } from "./oracle/violation.ts";
import type { FaultPlan, Scenario } from "./scenario.ts";
import type { World } from "./world.ts";

/** A planted bug. Made anew for each run, because it may remember. */
export interface KnownBug {
  /** Stands between a desk and its journals. */
  storage?: (storage: JournalStorage) => JournalStorage;
  /** Stands between the owner and each actor. */
  host?: (world: World) => HostTamper;
}

/** A bug with what it takes to show it. */
export interface BugCase {
  name: string;
  create(): KnownBug;
  /** A scenario in which it does harm, by seed. */
  scenario(seed: number): Scenario;
  /** Any of these is the right verdict. */
  promises: readonly Promised[];
}

/** When a burning thread gets its link, after its successor got its own: it still has candles to decide on. */
const ZOMBIE_LINK_MS = 800;

/** All of them. */
export const KNOWN_BUGS: readonly BugCase[] = [
  {
    name: "a report is sent again after a timeout as if it were new",
    create: resentAsNew,
    scenario: (seed) => oneAgent(seed, []),
    promises: ["P1"],
  },
  {
    name: "a report is acknowledged before it is stored",
    create: acknowledgedTooEarly,
    scenario: (seed) =>
      oneAgent(seed, [
        { atMs: 2_000, kind: "store", mode: "partitioned", forMs: 4_000 },
        { atMs: 5_900, kind: "kill_host", afterPoints: 1, isPowerCut: false },
      ]),
    promises: ["P1"],
  },
  {
    name: "the desk believes any incarnation that it is the newest",
    create: noFencing,
    scenario: (seed) =>
      oneAgent(seed, [
        { atMs: 600, kind: "slow", target: 0, forMs: 29_000, upToMs: 300 },
        { atMs: 4_000, kind: "hang", target: 0, forMs: 5_800, isZombie: true },
      ]),
    promises: ["P4"],
  },
  {
    name: "the journal loses what it has acknowledged",
    create: forgetfulJournal,
    scenario: (seed) => ({
      ...oneAgent(seed, [
        { atMs: 14_000, kind: "kill_host", afterPoints: 1, isPowerCut: false },
        { atMs: 24_000, kind: "kill_host", afterPoints: 1, isPowerCut: false },
      ]),
      // The end of a segment brings everything to the disk and would hide it.
      segmentBytes: Infinity,
    }),
    promises: ["P1", "P7", "rest"],
  },
  {
    name: "a segment of a journal begins without the orders that rest",
    create: () => ({
      storage: wrongBeginning((book) => void (book.orders = [])),
    }),
    scenario: (seed) => oneAgent(seed, []),
    promises: ["P1"],
  },
  {
    name: "a segment of a journal begins without the position",
    create: () => ({
      storage: wrongBeginning(({ ledger }) => void (ledger.position = null)),
    }),
    scenario: (seed) => oneAgent(seed, []),
    promises: ["P1"],
  },
];

function oneAgent(seed: number, faults: readonly FaultPlan[]): Scenario {
  const { segmentBytes, endedBytes, agents: plans } = smallScenario();
  const agents = plans.map((plan) => ({
    ...plan,
    config: { ...plan.config, seed },
    candles: 240,
    isLeftAlone: true,
  }));
  return {
    seed,
    chaosMs: 30_000,
    segmentBytes,
    endedBytes,
    agents,
    commands: [],
    faults,
  };
}

/** The owner has no way to see that it knows the second one already. */
function resentAsNew(): KnownBug {
  let reports = 0;
  let trades = 0;
  const shift = (report: DeskReport): DeskReport => ({
    ...report,
    sequence: report.sequence === null ? null : report.sequence + reports,
    account: { ...report.account, trades: report.account.trades + trades },
  });
  return {
    host: () => ({
      toOwner(message) {
        const report = deskReport(message);
        if (report === null) return [message];
        const first = shift(report);
        if (report.trades.length === 0) {
          return [{ type: "report", report: first }];
        }
        reports++;
        trades += report.trades.length;
        return [
          { type: "report", report: first },
          { type: "report", report: shift(report) },
        ];
      },
    }),
  };
}

/** Acknowledges what the owner has only heard of, and counts it as stored. */
function acknowledgedTooEarly(): KnownBug {
  const heard = new Map<string, number>();
  const claim = <T extends { account: { agentId: string } }>(
    opening: T,
  ): T => ({
    ...opening,
    storedTrades: heard.get(opening.account.agentId) ?? 0,
  });
  let id = 1_000_000;
  return {
    host: () => ({
      toOwner(message, host) {
        if (message.type === "ack" && message.id > 1_000_000) return [];
        const report = deskReport(message);
        if (report === null) return [message];
        const { agentId, sequence, account } = report;
        if (sequence === null) return [message];
        heard.set(agentId, account.trades);
        const query: DeskQuery = { type: "acknowledge", agentId, sequence };
        host.post({ type: "ask", id: ++id, query } as OwnerMessage);
        return [message];
      },
      toActor(message, host) {
        if (host.isolate.id !== PAPER_DESK_ID) return [message];
        if (message.type === "init") {
          const config = message.config as DeskConfig;
          const accounts = config.accounts.map(claim);
          return [{ ...message, config: { ...config, accounts } }];
        }
        if (message.type !== "ask") return [message];
        const query = message.query as DeskQuery;
        return query.type === "openAccount"
          ? [{ ...message, query: claim(query) }]
          : [message];
      },
    }),
  };
}

/** A burning thread of an old incarnation gets a link of its own, under an epoch that it does not have. */
function noFencing(): KnownBug {
  return {
    host: (world) => ({
      toActor(message, host) {
        if (message.type === "link_open" && host.isolate.id === PAPER_DESK_ID) {
          const { peerId, peerEpoch } = message.info as {
            peerId: string;
            peerEpoch: number;
          };
          if (peerId.startsWith("agt_") && peerEpoch > 1) {
            world.clock.after(
              ZOMBIE_LINK_MS,
              () => linkZombie(world, { desk: host, agentId: peerId }),
            );
          }
        }
        return [message];
      },
    }),
  };
}

function linkZombie(
  world: World,
  { desk, agentId }: { desk: SimulatedHost; agentId: string },
): void {
  const zombie = world.hosts.find(({ isolate, isZombie }) =>
    isolate.id === agentId && isZombie && !isolate.isDead && !isolate.isHung
  );
  if (zombie === undefined) return;
  const [first, second] = createMemoryPorts();
  const trueEpoch = zombie.isolate.epoch;
  desk.post({
    type: "link_open",
    link: LINKS.agentOf(agentId),
    info: { peerId: agentId, peerEpoch: 99, trueEpoch },
    window: 64,
    port: first,
  });
  zombie.post({
    type: "link_open",
    link: LINKS.desk,
    info: { peerId: PAPER_DESK_ID, peerEpoch: 1 },
    window: 64,
    port: second,
  });
}

/** Writes reach the file in lots; what waits for its lot dies with the process. */
function forgetfulJournal(): KnownBug {
  const lot = 40;
  return {
    storage(inner) {
      const waiting: Uint8Array[] = [];
      const flush = () => {
        for (const bytes of waiting.splice(0)) inner.append(bytes);
      };
      return {
        ...inner,
        read() {
          const parts = [inner.read(), ...waiting];
          return new Uint8Array(parts.flatMap((part) => [...part]));
        },
        append(bytes) {
          waiting.push(bytes.slice());
          if (waiting.length >= lot) flush();
        },
        truncate(length) {
          flush();
          inner.truncate(length);
        },
        overwrite(position, bytes) {
          flush();
          inner.overwrite(position, bytes);
        },
        startSegment(bytes, ended) {
          flush();
          inner.startSegment(bytes, ended);
        },
      };
    },
  };
}

function deskReport(message: ActorMessage): DeskReport | null {
  if (message.type !== "report") return null;
  const report = message.report as Partial<DeskReport>;
  return report.kind === "desk" ? report as DeskReport : null;
}
