import type { Timer } from "../../actors/clock.ts";
import type { ActorRuntime } from "../../actors/program.ts";
import {
  type AgentAttached,
  type AgentDecided,
  type DeskStepped,
  type FeedMessage,
  LINKS,
} from "../contracts/links.ts";
import type { DeskEvent } from "../contracts/order.ts";
import type { DeskAccount } from "./account/account.ts";
import { readAgentMessage } from "./agent_message.ts";
import { CandleQueue } from "./candle_queue.ts";
import type { Journal } from "./journal/journal_file.ts";
import {
  DECISION_DEADLINE_MS,
  EARLY_DECISIONS_MAX,
  STEPS_AHEAD_MAX,
} from "./limits.ts";
import type { Reporter } from "./reporter.ts";
import { toMessage } from "./account/stepped.ts";

/** What a flow works with. */
export interface AccountFlowOptions {
  account: DeskAccount;
  journal: Journal;
  reporter: Reporter;
  runtime: ActorRuntime;
  /** Newest incarnation of the agent that the journal knows; 0 for none. */
  newestEpoch: number;
}

/** The agent at the other end of the link. */
interface Peer {
  epoch: number;
  isAttached: boolean;
  /** Last step it was told. */
  toldSeq: number;
  /** Last candle it decided on. */
  decidedSeq: number;
}

/**
 * The step of the market for one account (header of contracts/links.ts): a
 * candle, the step, the decision, the next candle. In lockstep the desk waits
 * for each decision; in real time for five seconds at most.
 */
export class AccountFlow {
  readonly account: DeskAccount;
  readonly journal: Journal;
  readonly reporter: Reporter;
  readonly #runtime: ActorRuntime;
  readonly #queue: CandleQueue;
  readonly #agentLink: string;
  readonly #candleLink: string;
  #peer: Peer | null = null;
  #newestEpoch: number;
  /** Candles up to here were decided before the agent attached: no decision on them will come. */
  #attachedSeq = -1;
  /** Decisions that came before this desk processed their candle again. */
  #early = new Map<number, AgentDecided>();
  /** Real time only: the agent missed its deadline and has not caught up. */
  #isUnattended = false;
  #waitingSinceMs = 0;
  #deadline: Timer | null = null;

  constructor(options: AccountFlowOptions) {
    this.account = options.account;
    this.journal = options.journal;
    this.reporter = options.reporter;
    this.#runtime = options.runtime;
    this.#newestEpoch = options.newestEpoch;
    const { agentId } = options.account.config;
    this.#agentLink = LINKS.agentOf(agentId);
    this.#candleLink = LINKS.candlesOf(agentId);
    this.#queue = new CandleQueue((message) =>
      this.#runtime.send(this.#candleLink, message)
    );
  }

  /** The feed's link is open: candles are wanted from the next one on. */
  openCandles(): void {
    this.#queue.open(this.account.seq + 1);
  }

  closeCandles(): void {
    this.#queue.clear();
  }

  /** An incarnation of the agent is at the other end from now on. */
  openAgent(epoch: number): void {
    this.#peer = { epoch, isAttached: false, toldSeq: -1, decidedSeq: -1 };
    this.#early.clear();
  }

  closeAgent(): void {
    this.#peer = null;
    this.pump();
  }

  receiveCandles(message: FeedMessage): void {
    // The end of a file asks nothing of a desk: no further candle comes.
    if (message.type === "candles") {
      this.#queue.offer(message);
      this.pump();
    }
  }

  receiveAgent(message: unknown): void {
    const read = readAgentMessage(message);
    if (read === null || this.#peer === null) {
      this.#runtime.discard?.(this.#agentLink);
    } else if (read.type === "attached") {
      this.#attach(this.#peer, read);
    } else if (this.#peer.epoch < this.#newestEpoch) {
      this.#denyStale(this.#peer, read);
    } else {
      this.#take(this.#peer, read);
    }
  }

  /** Goes on as far as candles, decisions and the owner allow. */
  pump(): void {
    while (this.#mayStep()) {
      const candle = this.#queue.peek();
      if (candle === null) break;
      if (this.#mustWait()) break;
      this.#queue.take();
      this.account.step(candle);
      this.#waitingSinceMs = this.#runtime.clock.monotonicMs();
      this.reporter.touch();
      const early = this.#early.get(candle.seq);
      if (early !== undefined) {
        this.#early.delete(candle.seq);
        this.account.decide(early);
      }
    }
    this.#tell();
  }

  /** Ends the flow's timers. */
  cancel(): void {
    this.#deadline?.cancel();
    this.#deadline = null;
  }

  #attach(peer: Peer, { decidedSeq }: AgentAttached): void {
    const { account } = this;
    if (peer.epoch < this.#newestEpoch) return;
    if (peer.epoch > this.#newestEpoch) {
      this.#newestEpoch = peer.epoch;
      // From here on earlier incarnations may not trade, also after a crash.
      this.journal.append([{
        seq: account.seq,
        toldSeq: account.seq,
        record: { type: "ATTACHED", epoch: peer.epoch, decidedSeq },
      }]);
    }
    if (decidedSeq < account.forgottenSeq) {
      account.recallSteps(this.journal.read().entries);
    }
    peer.isAttached = true;
    peer.toldSeq = decidedSeq;
    peer.decidedSeq = decidedSeq;
    this.#attachedSeq = decidedSeq;
    this.#isUnattended = false;
    this.pump();
  }

  #take(peer: Peer, decided: AgentDecided): void {
    peer.decidedSeq = Math.max(peer.decidedSeq, decided.seq);
    if (decided.seq > this.account.seq) {
      // Kept for when the candle is processed again; more would be a flood.
      if (this.#early.size < EARLY_DECISIONS_MAX) {
        this.#early.set(decided.seq, decided);
      }
      return;
    }
    this.account.decide(decided);
    if (decided.actions.length > 0) this.reporter.touch();
    if (decided.seq === this.account.seq) this.#isUnattended = false;
    this.pump();
  }

  /** Whether the account could take a candle, if one is there. */
  #mayStep(): boolean {
    const { account } = this;
    if (account.outbox.isFull) return false;
    if (account.seq <= this.#attachedSeq) account.skipDecisions(account.seq);
    return account.decidedSeq >= account.seq ||
      account.config.pacing === "realtime";
  }

  /** Real time: whether the agent still has time to decide. Wakes the flow when it has none left. */
  #mustWait(): boolean {
    const { account } = this;
    if (account.decidedSeq >= account.seq) return false;
    if (this.#peer?.isAttached !== true || this.#isUnattended) return false;
    const { clock } = this.#runtime;
    const leftMs = this.#waitingSinceMs + DECISION_DEADLINE_MS -
      clock.monotonicMs();
    if (leftMs <= 0) {
      this.#isUnattended = true;
      return false;
    }
    this.#deadline ??= clock.after(leftMs, () => {
      this.#deadline = null;
      this.pump();
    });
    // The step must be told before anybody can decide on it.
    this.#tell();
    return true;
  }

  /** Tells the agent the steps it has not heard of, no faster than it decides on them. */
  #tell(): void {
    const peer = this.#peer;
    if (peer === null || !peer.isAttached) return;
    const lastSeq = Math.min(
      this.account.seq,
      peer.decidedSeq + STEPS_AHEAD_MAX,
    );
    while (
      peer.toldSeq < lastSeq && this.#runtime.credits(this.#agentLink) > 0
    ) {
      peer.toldSeq++;
      this.#runtime.send(
        this.#agentLink,
        toMessage(this.account.steppedAt(peer.toldSeq)),
      );
    }
  }

  #denyStale(peer: Peer, { seq, actions }: AgentDecided): void {
    const events: DeskEvent[] = actions.flatMap((action) =>
      action.kind !== "submit" ? [] : [{
        type: "OrderDenied",
        seq,
        intentId: action.intent.intentId,
        code: "EPOCH_STALE",
        detail:
          `Incarnation ${peer.epoch} was replaced by ${this.#newestEpoch}`,
      }]
    );
    if (events.length === 0) return;
    const answer: DeskStepped = {
      type: "stepped",
      seq,
      events,
      equity: null,
      hasPosition: false,
      tradingState: "halted",
    };
    this.#runtime.send(this.#agentLink, answer);
  }
}
