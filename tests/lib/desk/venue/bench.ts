import { createSimulatedClock } from "../../../../actors/simulated_clock.ts";
import type { DeskVenueReport } from "../../../../lib/contracts/account.ts";
import type { Quote } from "../../../../lib/contracts/venue.ts";
import type { AccountLink } from "../../../../lib/desk/venue/account_link.ts";
import { VenueDriver } from "../../../../lib/desk/venue/driver.ts";
import {
  type BudgetLane,
  VenueError,
} from "../../../../lib/exchange/gateway/port.ts";
import { accountConfig } from "../support.ts";
import { ScriptedGateway, ScriptedSide, SYMBOL } from "./scripted.ts";

/** A driver with one account, on virtual time. */
export class DriverBench {
  readonly clock = createSimulatedClock({ startMs: 1_000_000 });
  readonly gateway = new ScriptedGateway();
  readonly side = new ScriptedSide();
  readonly alerts: Omit<DeskVenueReport, "kind">[] = [];
  readonly silences: number[] = [];
  syncs = 0;
  canTake = true;
  /** Lanes in which somebody asked for the budget. */
  readonly lanes: BudgetLane[] = [];
  isFailing = false;
  /** Until when the venue wants silence, wall time. */
  silentUntilMs: number | null = null;
  driver!: VenueDriver;
  link!: AccountLink;

  /** Makes driver and account; `prepare` may script what they meet. */
  start(prepare: (bench: this) => void = () => {}): this {
    prepare(this);
    const silentUntilMs = () => this.silentUntilMs;
    this.driver = new VenueDriver({
      clock: this.clock,
      random: () => 0.5,
      venue: {
        gateway: this.gateway,
        budget: {
          tryTake: () => this.canTake,
          take: (lane, _cost, options) => this.#take(lane, options),
          retryAfter: (ms) => void this.silences.push(ms),
          freeShare: 1,
          get silentUntilMs() {
            return silentUntilMs();
          },
        },
        costOf: () => 1,
        syncClock: () => {
          this.syncs++;
          return Promise.resolve();
        },
      },
      alert: (alert) => void this.alerts.push(alert),
    });
    this.link = this.register();
    this.link.attach(this.side, () => null as never);
    return this;
  }

  register(agentId = "agt_1", symbol = SYMBOL): AccountLink {
    return this.driver.register({
      config: { ...accountConfig({ agentId, pacing: "realtime" }), symbol },
      execution: {
        kind: "venue",
        exchange: "binance",
        market: "swap",
        credentialId: "key_1",
        namespace: "abc",
        agentKey: "agent",
      },
      journal: {
        synced: () => Promise.resolve(true),
        isFailing: () => this.isFailing,
      },
      onChange: () => {},
    });
  }

  quote(change: Partial<Quote> = {}): void {
    this.link.quote({
      at: this.clock.nowMs(),
      bid: 99,
      ask: 101,
      bidSize: null,
      askSize: null,
      mark: null,
      ...change,
    });
  }

  /** Time goes by with a price each second. */
  async pass(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= 1_000) {
      this.quote();
      // deno-lint-ignore no-await-in-loop -- second by second
      await this.clock.advance(Math.min(1_000, leftMs));
    }
  }

  get block(): string | null {
    return this.link.ports.entryBlock()?.code ?? null;
  }

  async #take(
    lane: BudgetLane,
    { deadlineMs = 60_000 }: { deadlineMs?: number } = {},
  ): Promise<void> {
    this.lanes.push(lane);
    for (let waitedMs = 0; !this.canTake; waitedMs += 100) {
      if (waitedMs >= deadlineMs) {
        throw new VenueError("rate_limited", "The budget is used up");
      }
      // deno-lint-ignore no-await-in-loop -- until there is room
      await new Promise<void>((resolve) => this.clock.after(100, resolve));
    }
  }
}
