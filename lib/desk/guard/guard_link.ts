import type { ActorRuntime } from "../../../actors/program.ts";
import type {
  GuardAtDesk,
  GuardedAccount,
  GuardedCloses,
  GuardedFacts,
} from "../../contracts/guard.ts";
import type { AccountFlow } from "../account_flow.ts";
import { accountFacts, type HeardPrice } from "./account_facts.ts";
import type { CloseRing } from "./close_ring.ts";

/** What a link is opened with. */
export interface GuardLinkOptions {
  link: string;
  guardId: string;
  runtime: Pick<ActorRuntime, "clock" | "send" | "credits">;
  flows: ReadonlyMap<string, AccountFlow>;
}

/** What a link is told about. */
interface Told {
  accounts: GuardAtDesk["accounts"];
  ringOf(agentId: string): CloseRing;
  heardOf(agentId: string): HeardPrice | null;
}

/**
 * One open link to a risk manager. What has changed waits here, not in the
 * mailbox: it is told when the far end has room, once for each account however
 * often it changed, and no close is lost meanwhile.
 */
export class GuardLink {
  /** Whether a message is wanted although nothing may have changed. */
  isDue = true;
  readonly #options: GuardLinkOptions;
  readonly #changed = new Set<string>();
  /** Last candle whose close was told, by agent. */
  readonly #toldSeqs = new Map<string, number>();

  constructor(options: GuardLinkOptions) {
    this.#options = options;
  }

  /** An account has changed. */
  touch(agentId: string): void {
    this.#changed.add(agentId);
    this.isDue = true;
  }

  /** Tells what has changed, if the far end can take it now. */
  send({ accounts, ...about }: Told): void {
    const { link, runtime, flows } = this.#options;
    if (!this.isDue || runtime.credits(link) === 0) return;
    const changed = accounts.filter(({ agentId }) =>
      this.#changed.has(agentId) && flows.has(agentId)
    );
    const message: GuardedFacts = {
      type: "guarded",
      now: runtime.clock.nowMs(),
      agentIds: accounts.map(({ agentId }) => agentId),
      closed: accounts.map(({ agentId }) => agentId)
        .filter((agentId) => !flows.has(agentId)),
      accounts: changed.map((account) => this.#factsOf(account, about)),
    };
    this.#changed.clear();
    this.isDue = false;
    runtime.send(link, message);
  }

  #factsOf(
    { agentId, market, hedgeMarket, clock }: GuardAtDesk["accounts"][number],
    { ringOf, heardOf }: Omit<Told, "accounts">,
  ): GuardedAccount {
    const { account } = this.#options.flows.get(agentId)!;
    const told = this.#toldSeqs.get(agentId) ?? -1;
    const { closes, hedge } = ringOf(agentId).between(told, account.seq);
    this.#toldSeqs.set(agentId, account.seq);
    const series: GuardedCloses[] = [];
    if (closes.length > 0) {
      series.push({ market, closes });
    }
    if (hedge !== null && hedgeMarket !== null) {
      series.push({ market: hedgeMarket, closes: hedge });
    }
    return account.read((book) =>
      accountFacts(book, {
        guardId: this.#options.guardId,
        market,
        hedgeMarket,
        clock,
        heard: heardOf(agentId),
        closes: series,
      })
    );
  }
}
