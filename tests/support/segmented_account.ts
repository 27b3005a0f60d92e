import { createSimulatedClock } from "../../actors/simulated_clock.ts";
import type { Trade } from "../../lib/contracts/order.ts";
import { DeskAccount } from "../../lib/desk/account/account.ts";
import { Journal } from "../../lib/desk/journal/journal_file.ts";
import { openJournalFile } from "../../lib/desk/journal/storage.ts";
import {
  accountConfig,
  randomMarket,
  ScriptedAgent,
} from "../lib/desk/support.ts";

/** Small enough that a test sees many segments. */
export const SMALL_SEGMENT_BYTES = 4096;

/** Candles that a test may run an account over. */
const CANDLES_MAX = 5_000;

/** An account with a scripted agent and a journal in a real folder, which goes on in a new segment every few candles. */
export class SegmentedAccount {
  readonly account: DeskAccount;
  readonly journal: Journal;
  /** Trades so far, oldest first. */
  readonly trades: Trade[] = [];
  readonly #market;
  readonly #agent;

  /** `path` is that of the journal. */
  constructor(path: string, seed: number) {
    this.#market = randomMarket(seed, CANDLES_MAX);
    this.#agent = new ScriptedAgent(seed);
    const { journal } = Journal.open({
      path,
      clock: createSimulatedClock(),
      storage: openJournalFile(path),
      segmentBytes: SMALL_SEGMENT_BYTES,
      onSegmentDue: () => this.#startSegment(),
    });
    this.journal = journal;
    const config = accountConfig({ costs: { fundingBpPer8h: 5 } });
    this.account = DeskAccount.open({ config, sink: journal });
  }

  /** Runs until there are so many segments. */
  async runUntil(segments: number): Promise<void> {
    while (this.journal.segment < segments) {
      this.step();
      // deno-lint-ignore no-await-in-loop -- a segment ends between two candles
      await this.journal.synced();
    }
  }

  /** One candle. */
  step(): void {
    const { account } = this;
    const bar = this.#market[account.seq + 1]!;
    const actions = this.#agent.decide(bar, account.step(bar));
    account.decide({ type: "decided", seq: bar.seq, actions });
    this.trades.push(...account.drainReport().trades);
  }

  #startSegment(): void {
    const segment = this.journal.segment + 1;
    this.journal.startSegment(
      this.account.toSegmentStart({ segment, newestEpoch: 0 }),
    );
  }
}
