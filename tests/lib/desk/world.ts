import { createSimulatedClock } from "../../../actors/simulated_clock.ts";
import type { ActorHandlers, ActorRuntime } from "../../../actors/program.ts";
import type {
  AccountView,
  DeskJournalReport,
  DeskReport,
} from "../../../lib/contracts/account.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type { DeskAnswer, DeskQuery } from "../../../lib/contracts/desk.ts";
import type {
  AgentDecided,
  AgentToDesk,
  CandlesConsumed,
  DeskStepped,
  SubscribeCandles,
} from "../../../lib/contracts/links.ts";
import type { Trade } from "../../../lib/contracts/order.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { createDeskProgram } from "../../../lib/desk/program.ts";
import {
  accountConfig,
  type AgentSnapshot,
  type ConfigChange,
  ScriptedAgent,
  type ScriptState,
} from "./support.ts";
import { toBatch } from "./batch.ts";
import { MemoryStorage } from "./memory_storage.ts";

const AGENT_ID = "agt_1";
const CANDLES = `candles:${AGENT_ID}`;
const AGENT = `agent:${AGENT_ID}`;
const WINDOW = 64;

/** What a world is made of. */
export interface WorldOptions {
  candles: readonly Candle[];
  seed: number;
  config?: ConfigChange;
  /** The agent does not send its last decision again after a link was opened anew. */
  isForgetful?: boolean;
}

/**
 * A desk program with a feed and one agent around it, moved message by message:
 * nothing happens by itself, so a test decides every interleaving and crash.
 */
export class World {
  readonly clock = createSimulatedClock();
  readonly storage = new MemoryStorage();
  readonly reports: DeskReport[] = [];
  readonly notices: DeskJournalReport[] = [];
  readonly #options: WorldOptions;
  #desk: ActorHandlers | null = null;
  #deskEpoch = 0;
  #agent: ScriptedAgent;
  #agentEpoch = 1;
  #unheard: AgentDecided | null = null;
  #snapshot: AgentSnapshot;
  #feedNext: number | null = null;
  /** Last candle that the desk's window allows. */
  #feedLimit = -1;
  #feedWindow = 0;
  /** Trades that the owner says it has when a desk starts. */
  storedCount = 0;
  toAgent: DeskStepped[] = [];
  toDesk: AgentToDesk[] = [];
  /** Steps the agent was told, by number, the last time each. */
  readonly told = new Map<number, DeskStepped>();

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#agent = new ScriptedAgent(options.seed);
    this.#agent.state.decidedSeq = (options.config?.startSeq ?? 0) - 1;
    this.#snapshot = { state: this.#agent.state, unheard: null };
    this.saveAgent();
    this.startDesk();
  }

  get isDone(): boolean {
    return this.#agent.state.decidedSeq >= this.#options.candles.length - 1 &&
      this.toAgent.length === 0 && this.toDesk.length === 0;
  }

  get agentState(): ScriptState {
    return this.#agent.state;
  }

  startDesk(): void {
    const epoch = ++this.#deskEpoch;
    const isAlive = () => epoch === this.#deskEpoch && !this.storage.hasDied;
    this.storage.writesLeft = Infinity;
    this.storage.hasDied = false;
    const { clock } = this;
    const runtime: ActorRuntime = {
      actorId: "desk",
      epoch,
      config: {
        journalDir: "/journal",
        accounts: [{
          account: accountConfig(this.#options.config),
          storedTrades: this.storedCount,
        }],
        heldReason: null,
      },
      snapshot: null,
      clock: {
        nowMs: () => clock.nowMs(),
        monotonicMs: () => clock.monotonicMs(),
        after: (ms, run) =>
          clock.after(ms, () => isAlive() && this.#survive(run)),
        every: (ms, run) =>
          clock.every(ms, () => isAlive() && this.#survive(run)),
      },
      send: (link, message) => isAlive() && this.#fromDesk(link, message),
      credits: (link) => link === AGENT ? WINDOW - this.toAgent.length : WINDOW,
      report: (report) =>
        isAlive() && this.#fromReports(structuredClone(report)),
      discard: () => {},
    };
    const program = createDeskProgram({
      open: () => this.storage,
      retire: () => {},
    });
    this.#desk = program.start(runtime) as ActorHandlers;
    this.#feedNext = null;
    this.#desk.linkOpened!(CANDLES, { peerId: "feed", peerEpoch: 1 });
    this.#openAgentLink();
  }

  /** The desk's worker dies; what it wrote stays. A new one starts and is linked. */
  crashDesk(): void {
    this.startDesk();
  }

  saveAgent(): void {
    this.#snapshot = structuredClone({
      state: this.#agent.state,
      unheard: this.#unheard,
    });
  }

  /** The agent's worker dies; a new one starts from the last snapshot. */
  crashAgent(): void {
    this.#agentEpoch++;
    this.#agent = new ScriptedAgent(this.#options.seed);
    const { state, unheard } = structuredClone(this.#snapshot);
    this.#agent.state = state;
    this.#unheard = unheard;
    this.#desk!.linkClosed!(AGENT);
    this.#openAgentLink();
  }

  /** Sends up to `count` candles to the desk. Returns whether there were any. */
  feed(count: number): boolean {
    const { candles } = this.#options;
    const fromSeq = this.#feedNext;
    const endSeq = Math.min(candles.length, this.#feedLimit + 1);
    if (fromSeq === null || fromSeq >= endSeq) return false;
    const part = candles.slice(fromSeq, Math.min(fromSeq + count, endSeq));
    this.#feedNext = fromSeq + part.length;
    this.#receive(CANDLES, toBatch(part));
    return true;
  }

  /** Lets the agent take the next message of its desk. */
  runAgent(): boolean {
    const step = this.toAgent.shift();
    if (step === undefined) return false;
    this.told.set(step.seq, step);
    const { state } = this.#agent;
    // What it decided before is only waiting to be heard again.
    if (step.seq <= state.decidedSeq) return true;
    const bar = this.#options.candles[step.seq]!;
    const actions = this.#agent.decide(bar, step);
    this.#unheard = { type: "decided", seq: step.seq, actions };
    this.toDesk.push(structuredClone(this.#unheard));
    return true;
  }

  /** Lets the desk take the next message of the agent. */
  runDesk(): boolean {
    const message = this.toDesk.shift();
    if (message === undefined) return false;
    this.#receive(AGENT, message);
    return true;
  }

  /** Runs everything in turn until all candles are decided. */
  finish(): void {
    for (let turn = 0; turn < 100 * this.#options.candles.length; turn++) {
      const moved = [this.runDesk(), this.runAgent(), this.feed(7)];
      if (this.isDone) return;
      if (!moved.includes(true)) break;
    }
    throw new Error(
      `Nothing moves any more at candle ${this.#agent.state.decidedSeq}`,
    );
  }

  async ask(query: DeskQuery): Promise<AccountView> {
    const answer = await this.#desk!.ask!(query) as DeskAnswer;
    return answer.account;
  }

  view(): Promise<AccountView> {
    return this.ask({ type: "account", agentId: AGENT_ID });
  }

  /** Acknowledges everything that was reported. */
  async acknowledge(): Promise<void> {
    const agentId = AGENT_ID;
    const sequence = Math.max(
      0,
      ...this.reports.map((one) => one.sequence ?? 0),
    );
    try {
      await this.#desk!.ask!({ type: "acknowledge", agentId, sequence });
    } catch (error) {
      // While the account cannot be opened there is nobody to hear it.
      if ((error as AppError).code !== "JOURNAL_UNAVAILABLE") throw error;
    }
    this.#survive(() => {});
  }

  async stop(): Promise<void> {
    await this.#desk!.stop!("stop");
  }

  /** Trades as a consumer stores them that drops known report numbers. */
  storedTrades(): Trade[] {
    let last = 0;
    return this.reports.flatMap((report) => {
      if (report.sequence === null || report.sequence <= last) return [];
      last = report.sequence;
      return report.trades;
    });
  }

  receiveFromAgent(message: AgentToDesk): void {
    this.#receive(AGENT, message);
  }

  /** Opens the agent's link again as another incarnation. */
  linkAgent(epoch: number): void {
    this.#agentEpoch = epoch;
    this.#openAgentLink();
  }

  #openAgentLink(): void {
    // Messages under way die with their link.
    this.toAgent = [];
    this.toDesk = [];
    this.#desk!.linkOpened!(AGENT, {
      peerId: AGENT_ID,
      peerEpoch: this.#agentEpoch,
    });
    const { decidedSeq } = this.#agent.state;
    if (this.#options.isForgetful) this.#unheard = null;
    const heardSeq = this.#unheard === null ? decidedSeq : decidedSeq - 1;
    this.toDesk.push({ type: "attached", decidedSeq: heardSeq });
    if (this.#unheard !== null) {
      this.toDesk.push(structuredClone(this.#unheard));
    }
  }

  #fromDesk(link: string, message: unknown): void {
    const copy = structuredClone(message);
    if (link === AGENT) {
      this.toAgent.push(copy as DeskStepped);
      return;
    }
    const request = copy as SubscribeCandles | CandlesConsumed;
    if (request.type === "subscribe") {
      this.#feedNext = request.fromSeq;
      this.#feedWindow = request.windowCandles!;
      this.#feedLimit = request.fromSeq + this.#feedWindow - 1;
    } else {
      this.#feedLimit = request.seq + this.#feedWindow;
    }
  }

  #fromReports(report: unknown): void {
    const { kind } = report as DeskReport | DeskJournalReport;
    if (kind === "desk") this.reports.push(report as DeskReport);
    else this.notices.push(report as DeskJournalReport);
  }

  #receive(link: string, message: unknown): void {
    this.#survive(() => void this.#desk!.receive(link, message));
  }

  /** Runs a part of the desk; where its process dies in it, a new one starts. */
  #survive(run: () => void): void {
    run();
    if (this.storage.hasDied) this.crashDesk();
  }
}
