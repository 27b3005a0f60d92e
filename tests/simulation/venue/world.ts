/**
 * One desk at one simulated exchange, in virtual time, from one seed.
 *
 * **Real**: the desk program with its journal, its account and the driver.
 *
 * **Simulated**: time; the exchange with books of its own, in whole numbers; the
 * network, in which requests and answers get lost, come late and in another
 * order; the private stream; the disk, which loses what was not synced when the
 * power is cut; the process, which is killed at any effect on the outside; an
 * agent that decides by chance, and an owner.
 *
 * @module
 */
import { createSimulatedClock } from "../../../actors/mod.ts";
import type {
  DeskJournalReport,
  DeskReport,
} from "../../../lib/contracts/account.ts";
import type { DeskAnswer } from "../../../lib/contracts/desk.ts";
import type { DeskEmergencyReport } from "../../../lib/contracts/emergency_desk.ts";
import type { DeskStepped } from "../../../lib/contracts/links.ts";
import { LINKS } from "../../../lib/contracts/links.ts";
import type { VenueProfile } from "../../../lib/contracts/venue.ts";
import { createRng } from "../../../lib/core/rng.ts";
import { Boot, ProcessDied } from "../machine/boot.ts";
import { SimulatedDisk } from "../machine/disk.ts";
import { Trace } from "../machine/trace.ts";
import { accountOf } from "./account_config.ts";
import { AGENT_ID, AgentPerson } from "./agent_person.ts";
import { connect } from "./connection.ts";
import { DeskProcess } from "./desk_process.ts";
import { Exchange } from "./exchange.ts";
import { FeedLink } from "./feed_link.ts";
import { simulatedProfile } from "./profile.ts";
import type { KnownVenueBug } from "./known_bugs.ts";
import {
  CANDLE_MS,
  FUNDING_EVERY_MS,
  QUOTE_EVERY_MS,
  REBOOT_MS,
  START_AT,
} from "./limits.ts";
import { VenueMonitor } from "./monitor.ts";
import { NewsStream } from "./news_stream.ts";
import { Parents } from "./parents.ts";
import { PricePath } from "./price_path.ts";
import type { VenueScenario } from "./scenario.ts";
import { StopPerson } from "./stop_person.ts";
import { Watch } from "./watch.ts";
import { Weather } from "./weather.ts";

/** How a world is made. */
export interface VenueWorldOptions {
  scenario: VenueScenario;
  bug?: KnownVenueBug;
  onStep?: (line: string) => void;
  /** The first process dies at this point, counted from 1. */
  dieAtPoint?: number;
  /** And the power goes with it. */
  isPowerCut?: boolean;
}

/** See the module's description. */
export class VenueWorld {
  readonly clock = createSimulatedClock({ startMs: START_AT });
  readonly trace: Trace;
  readonly monitor: VenueMonitor;
  readonly weather = new Weather();
  readonly exchange: Exchange;
  readonly parents: Parents;
  readonly disk: SimulatedDisk;
  readonly path: PricePath;
  readonly agent: AgentPerson;
  readonly stream: NewsStream;
  readonly feed = new FeedLink(this);
  readonly stopPerson = new StopPerson(this);
  /** Alerts of the desk, for the oracle. */
  readonly alerts: { code: string; detail: string }[] = [];
  entriesAllowed = true;
  desk: DeskProcess | null = null;
  boots = 0;
  storedTrades = 0;
  /** Points of the first process until it died or the faults stopped. */
  points = 0;
  readonly scenario: VenueScenario;
  readonly #options: VenueWorldOptions;
  readonly #random: () => number;
  readonly #watch: Watch;
  #stop: Stop | null = null;
  #isOver = false;

  constructor(options: VenueWorldOptions) {
    const { scenario, bug } = options;
    this.scenario = scenario;
    this.#options = options;
    this.#random = createRng(scenario.seed ^ 0x5eed).next;
    this.trace = new Trace(options.onStep ?? null);
    this.monitor = new VenueMonitor(this.clock, () => this.venueNowMs());
    this.stream = new NewsStream({
      clock: this.clock,
      weather: this.weather,
      random: this.#random,
      namesOurIds: scenario.namesOurIds,
    });
    this.exchange = new Exchange({
      market: scenario.market,
      ownUnits: scenario.ownUnits,
      feesInBase: scenario.feesInBase,
      nowMs: () => this.venueNowMs(),
      random: this.#random,
      lagMs: () => Math.floor(this.weather.lagMs * this.#random()),
      onNews: (news) => {
        this.stream.tell(news);
        if (news.type === "order") this.parents.look(news.order.clientOrderId);
      },
    });
    this.parents = new Parents(this.exchange, this.monitor);
    this.disk = new SimulatedDisk({
      random: this.#random,
      watcher: this.monitor,
      tamper: bug?.storage ?? null,
    });
    this.path = new PricePath(createRng(scenario.seed ^ 0x9a7).next);
    this.agent = new AgentPerson({
      seed: scenario.seed,
      eagerness: scenario.eagerness,
      usesParts: scenario.usesParts,
      random: this.#random,
      price: () => this.path.price,
    });
    this.#watch = new Watch(this);
  }

  /** What the exchange can. */
  get profile(): VenueProfile {
    return simulatedProfile(this.scenario);
  }

  /** The venue's time: what nothing lets jump. */
  venueNowMs(): number {
    return START_AT + this.clock.monotonicMs();
  }

  start(): void {
    const { clock } = this;
    this.#tick();
    clock.every(QUOTE_EVERY_MS, () => this.#tick());
    clock.every(CANDLE_MS, () => {
      this.path.close();
      this.feed.sendCandles();
    });
    clock.every(FUNDING_EVERY_MS, () => this.exchange.payFunding());
    this.boot();
  }

  /** A new process. */
  boot(): void {
    if (this.#isOver) return;
    this.boots++;
    const boot = new Boot({
      number: this.boots,
      clock: this.clock,
      trace: this.trace,
      onDeath: (dead) => this.#died(dead),
      onUncaught: (error) => this.uncaught(error),
    });
    const { dieAtPoint, isPowerCut } = this.#options;
    if (this.boots === 1 && dieAtPoint !== undefined) {
      if (isPowerCut) boot.onEnd(() => this.disk.cutPower());
      boot.dieAfter(dieAtPoint);
    }
    this.feed.forget();
    const desk = new DeskProcess({
      boot,
      account: accountOf(this.scenario, {
        entriesAllowed: this.entriesAllowed,
      }),
      storedTrades: this.storedTrades,
      latches: this.stopPerson.latches(),
      filesOf: (isolate) => this.disk.filesOf(isolate),
      openGateway: (isolate) => () =>
        connect(this, {
          isolate,
          random: this.#random,
          bug: this.#options.bug,
        }),
      random: this.#random,
      onReport: (report) => this.#report(desk, report),
      onAgentMessage: (message) => this.agent.hear(message as DeskStepped),
      onSubscribe: (fromSeq) => this.feed.subscribe(fromSeq),
      onUncaught: (error) => this.uncaught(error),
    });
    this.desk = desk;
    desk.start();
    desk.deliver(
      "link candles",
      (handlers) =>
        handlers.linkOpened!(LINKS.candlesOf(AGENT_ID), {
          peerId: "feed",
          peerEpoch: 1,
        }),
    );
    this.agent.attach(desk);
    if (this.#stop !== null) this.ask({ type: "quiesce", ...this.#stop });
  }

  /** A process was ended by an error. */
  uncaught(error: unknown): void {
    if (error instanceof ProcessDied) return;
    const text = error instanceof Error ? error.stack : String(error);
    this.monitor.report("survival", `Uncaught: ${text}`);
    this.desk?.isolate.boot.die();
  }

  /** The faults stop. */
  heal(): void {
    this.weather.clear(this.clock.monotonicMs());
    this.feed.areQuotesGone = false;
    this.disk.isFull = false;
    const { boot } = this.desk!.isolate;
    if (boot.number === 1) this.points = boot.points;
    if (this.#options.dieAtPoint === undefined) boot.dieAfter(Infinity);
  }

  /** Takes what was not synced. */
  cutPower(): void {
    if (!this.#isOver) this.disk.cutPower();
  }

  /** Nothing is started again. */
  end(): void {
    this.#isOver = true;
  }

  /** The owner stops the account, and says so again to each process until it lets it go on. */
  quiesce(
    command: Stop,
    onAnswer: (answer: DeskAnswer | Error) => void = () => {},
  ): void {
    this.entriesAllowed = false;
    this.#stop = command;
    this.ask({ type: "quiesce", ...command }, onAnswer);
  }

  /** Entries are let in again. */
  resume(): void {
    this.entriesAllowed = true;
    this.#stop = null;
  }

  ask(
    query: { type: string } & Record<string, unknown>,
    onAnswer?: (answer: DeskAnswer | Error) => void,
  ): void {
    this.desk?.ask(
      { agentId: AGENT_ID, ...query },
      onAnswer as ((answer: unknown) => void) | undefined,
    );
  }

  #report(desk: DeskProcess, report: unknown): void {
    const { kind } = report as { kind: string };
    if (kind === "desk_journal") {
      const { detail, isFailing } = report as DeskJournalReport;
      // A full disk is a fault; that a journal is refused or lost something is none.
      if (!isFailing && detail !== "") this.monitor.report("survival", detail);
    }
    if (kind === "desk_venue") {
      this.alerts.push(report as { code: string; detail: string });
    }
    if (kind === "desk_emergency") {
      this.stopPerson.hear(report as DeskEmergencyReport);
    }
    if (kind !== "desk") return;
    const { sequence, account } = report as DeskReport;
    if (sequence === null) return;
    this.storedTrades = Math.max(this.storedTrades, account.trades);
    desk.ask({ type: "acknowledge", agentId: AGENT_ID, sequence });
  }

  #tick(): void {
    const { path, exchange, weather } = this;
    path.move();
    exchange.liquidity = weather.liquidity;
    exchange.quote(path.bid, path.ask);
    this.#watch.look();
    this.feed.sendQuote();
  }

  #died(boot: Boot): void {
    if (boot.number === 1) this.points = boot.points;
    this.clock.after(REBOOT_MS, () => this.boot());
  }
}

/** A stop of the owner's. */
interface Stop {
  positions: "close" | "keep";
  reason: string;
}
