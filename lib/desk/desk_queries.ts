import type { ActorRuntime } from "../../actors/program.ts";
import type { DeskAnswer, DeskQuery, KeyRelease } from "../contracts/desk.ts";
import type { StoredExchangeKey } from "../contracts/exchange_key.ts";
import type { EmergencyDeskState } from "../contracts/emergency.ts";
import type { DeskFigures, DeskLatencyView } from "../contracts/latency.ts";
import type { StopMeasures } from "../contracts/emergency_desk.ts";
import { assertNever } from "../core/assert.ts";
import { AppError } from "../core/errors.ts";
import type { AccountFlow } from "./account_flow.ts";
import type { DeskAccounts } from "./desk_accounts.ts";
import { refuseWhileFull, show } from "./desk_answers.ts";
import { tradesWith } from "./account/account_config.ts";
import type { EmergencyDesk } from "./emergency/emergency_desk.ts";
import type { GuardDesk } from "./guard/guard_desk.ts";
import { DeskLatency } from "./latency.ts";
import { measureVenues } from "./emergency/measure.ts";
import { settlingRefused } from "./venue/settling.ts";

/** What a query is answered with. */
export type DeskQueryAnswer =
  | DeskAnswer
  | EmergencyDeskState
  | StopMeasures
  | DeskLatencyView
  | DeskFigures
  | KeyRelease
  | null;

/** Carries out what the owner asks. */
export class DeskQueries {
  readonly #accounts: DeskAccounts;
  readonly #emergency: EmergencyDesk;
  readonly #guards: GuardDesk;

  readonly #runtime: Pick<ActorRuntime, "report">;

  constructor(
    { accounts, emergency, guards, runtime }: {
      accounts: DeskAccounts;
      emergency: EmergencyDesk;
      guards: GuardDesk;
      runtime: Pick<ActorRuntime, "report">;
    },
  ) {
    this.#runtime = runtime;
    this.#accounts = accounts;
    this.#emergency = emergency;
    this.#guards = guards;
  }

  /** @throws {AppError} */
  async answer(query: DeskQuery): Promise<DeskQueryAnswer> {
    switch (query.type) {
      case "emergency":
        return query.op === "measure"
          ? measureVenues(this.#accounts.all())
          : this.#emergency.ask(query);
      case "latency":
        return this.#latency(query.agentId);
      case "latencies":
        return this.#figures();
      case "openAccount":
        return show(this.#accounts.openOrUpdate(query));
      case "updateAccount":
        return show(this.#accounts.update(query.account));
      case "account":
        return show(this.#accounts.find(query.agentId));
      case "setEntries":
        return this.#command(
          query.agentId,
          ({ account }) => account.setEntries(query),
        );
      case "quiesce":
        return await this.#quiesce(query);
      case "rearm":
        return this.#command(query.agentId, (flow) => {
          this.#emergency.refuseLatched(flow);
          const { commandId, reason } = query;
          flow.account.rearm({ commandId, reason });
        });
      case "settleOrder":
        return await this.#settleOrder(query);
      case "hold":
        return this.#hold(query.reason);
      case "setGuards":
        this.#guards.set(query.guards);
        return null;
      case "releaseGuard":
        this.#guards.release(query.guardId);
        return null;
      case "acknowledge":
        return this.#acknowledge(query);
      case "releaseSteps":
        this.#accounts.find(query.agentId).segments.release(query.seq);
        return null;
      case "closeAccount":
        await this.#accounts.close(query.agentId);
        return null;
      case "learnKey":
        this.#learnKey(query.key.view);
        return null;
      case "forgetKey":
        return null;
      case "releaseKey":
        return await this.#accounts.releaseKey(query.keyId);
      case "probeKey":
        throw reachesNoExchange();
      default:
        return assertNever(query, "desk query");
    }
  }

  #latency(agentId: string): DeskLatencyView {
    return this.#accounts.find(agentId).latency.view(agentId);
  }

  #figures(): DeskFigures {
    const all = [...this.#accounts.all()];
    const budgets = all.flatMap(({ venue }) => venue?.way.rateBudget ?? []);
    return {
      ...DeskLatency.together(all.map(({ latency }) => latency)),
      rateBudget: budgets.reduce<DeskFigures["rateBudget"]>(
        (least, each) =>
          least !== null && least.freeShare <= each.freeShare ? least : each,
        null,
      ),
    };
  }

  #acknowledge(
    { agentId, sequence }: Extract<DeskQuery, { type: "acknowledge" }>,
  ): null {
    const flow = this.#accounts.find(agentId);
    flow.reporter.acknowledge(sequence);
    flow.pump();
    return null;
  }

  async #settleOrder(
    { agentId, orderId, detail }: Extract<DeskQuery, { type: "settleOrder" }>,
  ): Promise<DeskAnswer> {
    const flow = this.#accounts.find(agentId);
    refuseWhileFull(flow);
    if (flow.venue === null) {
      throw settlingRefused(
        orderId,
        "its agent trades at no exchange, where no order stays without an answer",
      );
    }
    await flow.venue.settle(orderId, detail);
    return show(flow);
  }

  #hold(reason: string | null): null {
    this.#accounts.heldReason = reason;
    for (const flow of this.#accounts.all()) flow.hold(reason);
    return null;
  }

  /** What rests of entries with a key that is not allowed any more might still be filled. */
  #learnKey({ id, label, isLiveAllowed }: StoredExchangeKey["view"]): void {
    if (isLiveAllowed) return;
    for (const flow of this.#accounts.all()) {
      if (!tradesWith(flow.account.config, id)) continue;
      const reason = `The key "${label}" is not allowed for live trading`;
      flow.account.pullLever((orders) => orders.withdrawEntries(reason));
      flow.accountChanged();
    }
  }

  #command(
    agentId: string,
    action: (flow: AccountFlow) => void,
  ): DeskAnswer {
    const flow = this.#accounts.find(agentId);
    refuseWhileFull(flow);
    action(flow);
    flow.accountChanged();
    return show(flow);
  }

  /**
   * Answers when the owner has been told of the trade that closing the position
   * made; at once while the disk refuses. At a venue closing takes a while: after
   * a deadline it answers with what is left, and the desk goes on with it.
   */
  async #quiesce(
    query: Extract<DeskQuery, { type: "quiesce" }>,
  ): Promise<DeskAnswer> {
    const { agentId } = query;
    this.#command(agentId, ({ account }) => account.quiesce(query));
    const flow = this.#accounts.find(agentId);
    if (flow.journal.failure === null) await flow.quiesced.wait();
    await flow.reporter.flush();
    return show(flow);
  }
}

function reachesNoExchange(): AppError {
  return new AppError(
    "VENUE_NOT_SERVED",
    "This desk reaches no exchange, so it cannot ask about a key",
    { status: 409 },
  );
}
