import type { ActorHandlers, ActorRuntime } from "../../../actors/program.ts";
import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type {
  DeskJournalReport,
  DeskReport,
} from "../../../lib/contracts/account.ts";
import type { DeskEmergencyReport } from "../../../lib/contracts/emergency_desk.ts";
import type { EmergencyFiles } from "../../../lib/desk/emergency/files.ts";
import type { GuardAtDesk } from "../../../lib/contracts/guard.ts";
import type { DeskAnswer } from "../../../lib/contracts/desk.ts";
import type { DeskStepped } from "../../../lib/contracts/links.ts";
import type { DeskFiles } from "../../../lib/desk/journal/storage.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import { accountConfig, candle, type ConfigChange } from "./support.ts";
import { MemoryStorage } from "./memory_storage.ts";
import { toBatch } from "./batch.ts";

export const CANDLES = "candles:agt_1";
export const AGENT = "agent:agt_1";

/** What is special about a bench. */
export interface BenchOptions {
  heldReason?: string;
  storedTrades?: number;
  storage?: MemoryStorage;
  files?: DeskFiles;
  /** Bytes of records in a segment of the journal. */
  segmentBytes?: number;
  emergencyFiles?: EmergencyFiles;
  /** Owner of every account. */
  ownerId?: string;
  /** Risk managers and the accounts that they guard. */
  guards?: readonly GuardAtDesk[];
}

/** A desk with everything it sends on record. */
export class Bench {
  readonly clock = createSimulatedClock();
  readonly storage: MemoryStorage;
  readonly sent: { link: string; message: unknown }[] = [];
  readonly reports: DeskReport[] = [];
  readonly notices: DeskJournalReport[] = [];
  readonly emergencies: DeskEmergencyReport[] = [];
  readonly retired: string[] = [];
  readonly desk: ActorHandlers;
  credits = 64;

  constructor(
    accounts: readonly ConfigChange[],
    options: BenchOptions = {},
  ) {
    this.storage = options.storage ?? new MemoryStorage();
    const runtime: ActorRuntime = {
      actorId: "desk",
      epoch: 1,
      config: {
        journalDir: "/journal",
        accounts: accounts.map((change) => ({
          account: accountConfig(change),
          storedTrades: options.storedTrades ?? 0,
          ...(options.ownerId === undefined
            ? {}
            : { ownerId: options.ownerId }),
        })),
        heldReason: options.heldReason ?? null,
        ...(options.guards === undefined ? {} : { guards: options.guards }),
      },
      snapshot: null,
      clock: this.clock,
      send: (link, message) =>
        void this.sent.push({ link, message: structuredClone(message) }),
      credits: () => this.credits,
      report: (report) => {
        const { kind } = report as
          | DeskReport
          | DeskJournalReport
          | DeskEmergencyReport;
        if (kind === "desk") this.reports.push(report as DeskReport);
        else if (kind === "desk_emergency") {
          this.emergencies.push(structuredClone(report) as DeskEmergencyReport);
        } else this.notices.push(report as DeskJournalReport);
      },
    };
    const program = createDeskProgram(
      options.files ?? {
        open: () => this.storage,
        retire: (path) => void this.retired.push(path),
      },
      {
        ...(options.segmentBytes === undefined
          ? {}
          : { segmentBytes: options.segmentBytes }),
        ...(options.emergencyFiles === undefined
          ? {}
          : { emergencyFiles: options.emergencyFiles }),
      },
    );
    this.desk = program.start(runtime) as ActorHandlers;
  }

  link(epoch = 1): void {
    this.desk.linkOpened!(CANDLES, { peerId: "feed", peerEpoch: 1 });
    this.desk.linkOpened!(AGENT, { peerId: "agt_1", peerEpoch: epoch });
  }

  candle(seq: number, close = 100): void {
    void this.desk.receive(CANDLES, toBatch([candle(seq, { close })]));
  }

  agent(message: unknown): void {
    void this.desk.receive(AGENT, message);
  }

  /** A whole step of the market with an agent that decides nothing. */
  step(seq: number, close = 100): void {
    this.candle(seq, close);
    this.skip(seq);
  }

  skip(seq: number): void {
    this.agent({ type: "decided", seq, actions: [] });
  }

  async ask(query: Record<string, unknown>): Promise<DeskAnswer> {
    return await this.desk.ask!({ agentId: "agt_1", ...query }) as DeskAnswer;
  }

  /** Steps told to the agent. */
  steps(): DeskStepped[] {
    return this.sent.filter(({ link }) => link === AGENT).map(({ message }) =>
      message as DeskStepped
    );
  }

  toldSeqs(): number[] {
    return this.steps().map(({ seq }) => seq);
  }
}

export function attached(
  change: ConfigChange = {},
  options: BenchOptions = {},
): Bench {
  const bench = new Bench([change], options);
  bench.link();
  bench.agent({ type: "attached", decidedSeq: -1 });
  return bench;
}
