import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskAccount } from "./account/account.ts";
import type { DeskLatency } from "./latency.ts";
import type { Journal } from "./journal/journal_file.ts";
import type { Reporter } from "./reporter.ts";
import type { AccountLink } from "./venue/account_link.ts";

/** What a flow works with. */
export interface AccountFlowOptions {
  account: DeskAccount;
  journal: Journal;
  reporter: Reporter;
  runtime: ActorRuntime;
  /** Newest incarnation of the agent that the journal knows; 0 for none. */
  newestEpoch: number;
  heldReason: string | null;
  latency: DeskLatency;
  /** Bytes of ended segments of the journal that are kept in any case. */
  endedBytes: number;
  /** The account's link to its venue; null in a market of candles. */
  venue: AccountLink | null;
}
