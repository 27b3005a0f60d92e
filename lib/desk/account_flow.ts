import type { ActorRuntime } from "../../actors/program.ts";
import {
  type AgentActed,
  type AgentAttached,
  type AgentDecided,
  type FeedMessage,
  LINKS,
} from "../contracts/links.ts";
import type { DeskAccount } from "./account/account.ts";
import { tryAct } from "./acting.ts";
import type { AccountFlowOptions } from "./account_flow_options.ts";
import { readAgentMessage } from "./agent_message.ts";
import { CandleQueue } from "./candle_queue.ts";
import { DecisionDeadline } from "./decision_deadline.ts";
import { restOf } from "./desk_answers.ts";
import type { Journal } from "./journal/journal_file.ts";
import type { DeskLatency } from "./latency.ts";
import type { Peer } from "./peer.ts";
import type { Reporter } from "./reporter.ts";
import { SegmentKeeper } from "./segment_keeper.ts";
import { outageOf, SLOW_DISK } from "./account/outage.ts";
import { tellSteps } from "./tell_steps.ts";
import { turnAway, type TurnedAway } from "./turned_away.ts";
import { QuiesceWaiters } from "./quiesce_waiters.ts";
import type { AccountLink } from "./venue/account_link.ts";
import { WaitingDecisions } from "./waiting_decisions.ts";

/**
 * The step of the market for one account (header of contracts/links.ts): a
 * candle, the step, the decision, the next candle. In lockstep the desk waits
 * for each decision; in real time for five seconds at most.
 *
 * While the disk refuses the journal or the owner holds the account, a market
 * in lockstep stands still, so that an outage changes no trade; in real time
 * candles go on for stops and targets, and intents are denied. What rests on
 * records that are not written is told to nobody.
 */
export class AccountFlow {
  readonly account: DeskAccount;
  readonly journal: Journal;
  readonly reporter: Reporter;
  readonly segments: SegmentKeeper;
  readonly venue: AccountLink | null;
  readonly quiesced: QuiesceWaiters;
  readonly latency: DeskLatency;
  readonly #runtime: ActorRuntime;
  readonly #queue: CandleQueue;
  readonly #agentLink: string;
  readonly #candleLink: string;
  #peer: Peer | null = null;
  /** Newest incarnation that a link was opened for; earlier ones may not trade. */
  #newestEpoch: number;
  /** Newest incarnation in the journal. */
  #journaledEpoch: number;
  #heldReason: string | null;
  /** Candles up to here were decided before the agent attached: no decision on them will come. */
  #attachedSeq = -1;
  /** Decisions that came before this desk processed their candle again, or while the account stands still. */
  readonly #waiting = new WaitingDecisions();
  readonly #deadline: DecisionDeadline;

  constructor(options: AccountFlowOptions) {
    this.account = options.account;
    this.journal = options.journal;
    this.reporter = options.reporter;
    this.#runtime = options.runtime;
    this.venue = options.venue;
    this.latency = options.latency;
    const { clock } = options.runtime;
    this.#deadline = new DecisionDeadline(clock, () => this.pump());
    this.quiesced = new QuiesceWaiters(clock, {
      isQuiesced: () => this.account.isQuiesced,
      onLeft: () => this.#runtime.report(restOf(this)),
    });
    this.segments = new SegmentKeeper(options);
    this.#newestEpoch = options.newestEpoch;
    this.#journaledEpoch = options.newestEpoch;
    this.#heldReason = options.heldReason;
    const { agentId } = options.account.config;
    this.#agentLink = LINKS.agentOf(agentId);
    this.#candleLink = LINKS.candlesOf(agentId);
    this.#queue = new CandleQueue((message) =>
      this.#runtime.send(this.#candleLink, message)
    );
    this.#judge();
  }

  /** The owner holds the account because of `reason`, or lets it go on with null. */
  hold(reason: string | null): void {
    this.#heldReason = reason;
    this.#judge();
    this.reporter.touch();
    this.pump();
  }

  /** The journal turned failing, was mended, or has room again. */
  journalChanged(): void {
    this.#judge();
    // What turned it failing is still under way and goes on by itself.
    if (this.journal.failure !== null) return;
    this.reporter.touch();
    this.pump();
  }

  startSegment(): void {
    this.segments.start({ newestEpoch: this.#journaledEpoch });
  }

  /** Newest incarnation of the agent that is known here; 0 for none. */
  get newestEpoch(): number {
    return this.#newestEpoch;
  }

  /** The feed's link is open: candles are wanted from the next one on. */
  openCandles(): void {
    const wantsQuotes = this.venue !== null;
    this.#queue.open(this.account.seq + 1, { wantsQuotes });
  }

  closeCandles(): void {
    this.#queue.clear();
  }

  /** An incarnation of the agent is at the other end from now on. */
  openAgent(epoch: number): void {
    this.#peer = { epoch, isAttached: false, toldSeq: -1, decidedSeq: -1 };
    this.#newestEpoch = Math.max(this.#newestEpoch, epoch);
    this.#waiting.clear();
  }

  closeAgent(): void {
    this.#peer = null;
    this.pump();
  }

  receiveCandles(message: FeedMessage): void {
    switch (message.type) {
      case "candles":
        this.#queue.offer(message);
        return this.pump();
      case "quote":
        return this.venue?.quote(message.quote);
      case "stale":
        return this.venue?.feedIsStale(message.detail);
      case "ended":
        // Asks nothing of a desk: no further candle comes.
    }
  }

  /** The account was changed by its venue or by a command. */
  accountChanged(): void {
    this.venue?.changed();
    this.reporter.touch();
    this.quiesced.look();
  }

  receiveAgent(message: unknown): void {
    const read = readAgentMessage(message);
    if (read === null || this.#peer === null) {
      this.#runtime.discard?.(this.#agentLink);
    } else if (read.type === "attached") {
      this.#attach(this.#peer, read);
    } else if (this.#peer.epoch < this.#newestEpoch) {
      const { epoch } = this.#peer;
      const detail =
        `Incarnation ${epoch} was replaced by ${this.#newestEpoch}`;
      this.#deny(read, { code: "EPOCH_STALE", detail });
    } else if (!this.#peer.isAttached) {
      // Nothing is decided before both sides know where they are.
      this.#runtime.discard?.(this.#agentLink);
    } else if (read.type === "acted") {
      const why = tryAct(this.account, this.journal, read);
      if (why === null) this.accountChanged();
      else this.#deny(read, why);
    } else {
      this.#take(this.#peer, read);
    }
  }

  /** Goes on as far as candles, decisions and the owner allow. */
  pump(): void {
    this.#takeWaiting();
    while (this.#mayStep()) {
      const candle = this.#queue.peek();
      if (candle === null) break;
      if (this.#mustWait()) break;
      this.#queue.take();
      this.account.step(candle);
      this.#deadline.start();
      this.accountChanged();
      this.#takeWaiting();
    }
    this.#tell();
  }

  /** Ends the flow's timers. */
  cancel(): void {
    this.#deadline.cancel();
    this.quiesced.cancel();
  }

  #attach(peer: Peer, { decidedSeq }: AgentAttached): void {
    const { account } = this;
    if (peer.epoch < this.#newestEpoch) return;
    if (peer.epoch > this.#journaledEpoch) {
      this.#journaledEpoch = peer.epoch;
      // From here on earlier incarnations may not trade, also after a crash.
      this.journal.append([{
        seq: account.seq,
        toldSeq: account.seq,
        record: { type: "ATTACHED", epoch: peer.epoch, decidedSeq },
      }]);
    }
    peer.isAttached = true;
    peer.toldSeq = decidedSeq;
    peer.decidedSeq = decidedSeq;
    this.#attachedSeq = decidedSeq;
    this.#deadline.caughtUp();
    this.pump();
  }

  #take(peer: Peer, decided: AgentDecided): void {
    peer.decidedSeq = Math.max(peer.decidedSeq, decided.seq);
    const { seq, outage } = this.account;
    const isDue = decided.seq === seq;
    if (decided.seq <= seq && !this.#standsStill()) this.#decide(decided);
    else if (
      !this.#waiting.keep(decided, { isDue }) && decided.seq <= seq
    ) {
      const { code, reason } = outage ?? SLOW_DISK;
      this.#deny(decided, { code, detail: reason });
    }
    if (isDue) this.#deadline.caughtUp();
    this.pump();
  }

  /** Takes in the decisions on candles that are processed, unless the account stands still. */
  #takeWaiting(): void {
    if (this.#standsStill()) return;
    for (const decided of this.#waiting.takeUpTo(this.account.seq)) {
      this.#decide(decided);
    }
  }

  #decide(decided: AgentDecided): void {
    this.account.decide(decided);
    if (decided.actions.length > 0) this.accountChanged();
  }

  /** Whether neither candles nor decisions are taken in. */
  #standsStill(): boolean {
    const { outage, config } = this.account;
    return this.journal.isFull ||
      outage !== null && config.pacing === "lockstep";
  }

  #judge(): void {
    this.account.outage = outageOf({
      journalFailure: this.journal.failure,
      heldReason: this.#heldReason,
    });
  }

  /** Whether the account could take a candle, if one is there. */
  #mayStep(): boolean {
    const { account } = this;
    if (account.outbox.isFull || this.#standsStill()) return false;
    if (account.seq <= this.#attachedSeq) account.skipDecisions(account.seq);
    return account.decidedSeq >= account.seq ||
      account.config.pacing === "realtime";
  }

  /** Real time: whether the agent still has time to decide. Wakes the flow when it has none left. */
  #mustWait(): boolean {
    const { account } = this;
    if (account.decidedSeq >= account.seq) return false;
    if (this.#peer?.isAttached !== true) return false;
    if (this.#deadline.isUnattended) return false;
    // It is not told of the candle, so it cannot decide on it.
    if (this.journal.failure !== null) return false;
    if (!this.#deadline.hasTime()) return false;
    // The step must be told before anybody can decide on it.
    this.#tell();
    return true;
  }

  #tell(): void {
    const { account, journal, segments } = this;
    if (this.#peer === null || journal.failure !== null) return;
    tellSteps(
      { account, segments, runtime: this.#runtime, link: this.#agentLink },
      this.#peer,
    );
  }

  #deny(decided: AgentDecided | AgentActed, why: TurnedAway): void {
    const answer = turnAway(decided, why);
    if (answer !== null) this.#runtime.send(this.#agentLink, answer);
  }
}
