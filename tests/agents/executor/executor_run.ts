import type { Output } from "../../../actors/behavior.ts";
import { executor } from "../../../agents/executor.ts";
import type { ExecutorSnapshot } from "../../../agents/execution_plan/executor_state.ts";
import type { AgentWorkerConfig } from "../../../lib/contracts/agent.ts";
import type { AgentVitalsAnswer } from "../../../agents/queries.ts";
import type { Candle } from "../../../lib/contracts/candle.ts";
import type {
  ExecutionConfig,
} from "../../../lib/contracts/execution_config.ts";
import type { FeedConfig } from "../../../lib/contracts/feed.ts";
import type { AgentToDesk, DeskStepped } from "../../../lib/contracts/links.ts";
import type { AgentReport } from "../../../lib/contracts/log.ts";
import type { DeskAction, DeskEvent } from "../../../lib/contracts/order.ts";
import type {
  EnterSignal,
  ExitSignal,
  Signal,
} from "../../../lib/contracts/signal.ts";
import { DeskAccount } from "../../../lib/desk/account/account.ts";
import { toMessage } from "../../../lib/desk/account/stepped.ts";
import { agentConfig } from "../fixtures/agent_run.ts";
import { toBatch } from "../../lib/desk/batch.ts";
import {
  accountConfig,
  candle,
  type ConfigChange,
} from "../../lib/desk/support.ts";
import { enterSignal } from "../signals/fixtures.ts";

/** How a run of an executor is set up. */
export interface RunOptions {
  execution?: Partial<ExecutionConfig>;
  sources?: string[];
  account?: ConfigChange;
  feed?: FeedConfig;
  tradeFromSeq?: number;
}

/** What an executor is started with. */
export function executorConfig(
  { execution = {}, sources = ["s1"], feed, tradeFromSeq = 0 }: RunOptions = {},
): AgentWorkerConfig {
  return {
    agentId: "agt_1",
    config: agentConfig({
      type: "executor",
      sources,
      execution,
      ...(feed === undefined ? {} : { feed }),
    }),
    startSeq: 0,
    tradeFromSeq,
  };
}

type Prices = Partial<Candle> & { close: number };

/**
 * An executor with a real account on candles. Written for the long side; with
 * `sell` all prices are turned upside down about 100.
 */
export class ExecutorRun {
  readonly side: "buy" | "sell";
  readonly config: AgentWorkerConfig;
  readonly account: DeskAccount;
  agent: ReturnType<typeof executor.start>;
  readonly outputs: Output[] = [];
  readonly events: DeskEvent[] = [];
  seq = -1;
  /** Candles up to here were told to the executor by each source. */
  readonly told = new Map<string, number>();

  constructor(side: "buy" | "sell" = "buy", options: RunOptions = {}) {
    this.side = side;
    this.config = executorConfig(options);
    this.account = DeskAccount.open({
      config: accountConfig({
        costs: { makerFeeBp: 0, takerFeeBp: 0, slippageBp: 0 },
        ...options.account,
      }),
    });
    this.agent = this.startFrom(null);
  }

  startFrom(snapshot: ExecutorSnapshot | null) {
    const agent = executor.start({
      actorId: "agt_1",
      config: this.config,
      snapshot,
    });
    agent.linkOpened("feed", null);
    agent.linkOpened("desk", null);
    for (const source of this.config.config.sources) {
      agent.linkOpened(`source:${source}`, null);
      this.told.set(source, this.seq);
    }
    return agent;
  }

  flip(price: number): number {
    return this.side === "buy" ? price : 200 - price;
  }

  /** A signal on the side of the run, at the newest candle but one: that which comes next. */
  signal(fields: Partial<EnterSignal> = {}, number = 0): EnterSignal {
    const seq = fields.seq ?? this.seq + 1;
    const { entry } = fields;
    const signal = enterSignal({
      price: 100,
      stopPrice: 98,
      targetPrice: 106,
      ...fields,
      seq,
      number,
    });
    const { targetPrice } = signal;
    const isOther = fields.side === "sell";
    return {
      ...signal,
      side: isOther === (this.side === "sell") ? "buy" : "sell",
      price: this.flip(signal.price),
      stopPrice: this.flip(signal.stopPrice),
      targetPrice: targetPrice === null ? null : this.flip(targetPrice),
      entry: entry?.type === "limit"
        ? { type: "limit", price: this.flip(entry.price) }
        : { type: "market" },
    };
  }

  exit(): ExitSignal {
    const { side, strategy, at, price, confidence } = this.signal();
    const seq = this.seq + 1;
    return {
      kind: "exit",
      signalId: `${seq}.50`,
      seq,
      side,
      strategy,
      at,
      price,
      confidence,
      reasons: ["Enough"],
    };
  }

  /** One candle with what the sources say of it; answers what was decided. */
  step(
    prices: Prices,
    signals: Readonly<Record<string, readonly Signal[]>> = {},
  ): readonly DeskAction[] {
    this.candle(prices);
    for (const source of this.config.config.sources) {
      this.tell(source, signals[source] ?? []);
    }
    return this.lastActions;
  }

  /** One candle of which no source has said anything yet. */
  candle(prices: Prices): void {
    const bar = this.#bar(prices);
    this.seq++;
    this.#take(this.agent.receive("feed", toBatch([bar])));
    const step: DeskStepped = structuredClone(
      toMessage(this.account.step(bar)),
    );
    this.events.push(...step.events);
    this.#take(this.agent.receive("desk", step));
  }

  /** A candle on which the desk tells only `events`. */
  candleWith(prices: Prices, events: readonly DeskEvent[]): void {
    const bar = this.#bar(prices);
    this.seq++;
    this.#take(this.agent.receive("feed", toBatch([bar])));
    this.account.step(bar);
    this.#take(this.agent.receive("desk", {
      type: "stepped",
      seq: this.seq,
      events,
      equity: null,
      hasPosition: false,
      tradingState: "active",
    }));
  }

  /** What a source says of the newest candle. */
  tell(source: string, signals: readonly Signal[]): void {
    this.#take(this.agent.receive(`source:${source}`, {
      type: "signals",
      fromSeq: this.told.get(source)! + 1,
      toSeq: this.seq,
      signals,
    }));
    this.told.set(source, this.seq);
  }

  /** Actions of the newest message to the desk. */
  get lastActions(): readonly DeskAction[] {
    const message = this.toDesk.at(-1);
    return message === undefined || message.type === "attached" ||
        message.seq !== this.seq
      ? []
      : message.actions;
  }

  get toDesk(): AgentToDesk[] {
    return this.outputs.flatMap((output) =>
      output.to === "link" && output.link === "desk"
        ? [output.message as AgentToDesk]
        : []
    );
  }

  #bar(prices: Prices): Candle {
    const { open, high, low, ...bar } = candle(this.seq + 1, prices);
    const isFlipped = this.side === "sell";
    return {
      ...bar,
      open: this.flip(open),
      close: this.flip(bar.close),
      high: this.flip(isFlipped ? low : high),
      low: this.flip(isFlipped ? high : low),
    };
  }

  #take(outputs: readonly Output[]): void {
    for (const output of outputs) {
      this.outputs.push(output);
      if (output.to !== "link" || output.link !== "desk") continue;
      const message = structuredClone(output.message) as AgentToDesk;
      if (message.type === "decided") this.account.decide(message);
      else if (message.type === "acted") this.account.act(message);
    }
  }

  /** Ends the executor and starts it again from its snapshot, as stored and read back. */
  restart(): void {
    this.agent = this.startFrom(structuredClone(this.agent.snapshot()));
  }

  get vitals(): AgentVitalsAnswer {
    return this.agent.inspect({ type: "vitals" }) as AgentVitalsAnswer;
  }

  get logs(): string[] {
    return this.outputs.flatMap((output) =>
      output.to === "owner"
        ? (output.report as AgentReport).logs.map(({ message }) => message)
        : []
    );
  }

  /** Types of what happened since the last call, for instance `filled entry`. */
  takeEvents(): string[] {
    return this.events.splice(0).map((event) => {
      switch (event.type) {
        case "OrderAccepted":
          return `accepted ${event.order.role}`;
        case "OrderFilled":
          return `filled ${event.fill.role}`;
        case "OrderCanceled":
          return `canceled ${event.role}`;
        case "OrderDenied":
          return `denied ${event.code}`;
        case "PositionClosed":
          return `closed ${event.trade.exitRole}`;
        default:
          return event.type;
      }
    });
  }
}
