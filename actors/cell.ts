/**
 * A cell runs one program in whatever host there is: it speaks the protocol
 * with the owner, hands link messages to the program one at a time, and turns
 * everything that goes wrong into one `crash` message.
 *
 * @module
 */
import { assert, assertNever } from "../lib/core/assert.ts";
import { CellLinks } from "./cell/cell_links.ts";
import { type CellSnapshot, readCellSnapshot } from "./cell/cell_snapshot.ts";
import { CellStats, type Telemetry } from "./cell/cell_stats.ts";
import { CommandMemory } from "./cell/command_memory.ts";
import type { Clock, Timer } from "./clock.ts";
import { actorError, toWireError } from "./errors.ts";
import { HEARTBEAT_MS } from "./limits.ts";
import type {
  ActorHandlers,
  ActorProgram,
  ActorRuntime,
  StopReason,
} from "./program.ts";
import {
  type ActorMessage,
  assertProtocolVersion,
  type CommandMessage,
  type InitMessage,
  isOwnerMessage,
  type OwnerMessage,
  PROTOCOL_VERSION,
} from "./protocol.ts";
import { ReportOutbox } from "./cell/report_outbox.ts";

/** What a cell needs of the place it runs in. */
export interface CellHost {
  readonly clock: Clock;
  /** Figures of the isolate, or null where it is shared and they would mislead. */
  readonly telemetry: Telemetry | null;
  /** Whether the event loop is its own. */
  readonly ownsLoop: boolean;
  post(message: ActorMessage): void;
  /** Ends the isolate; called once, after the last message. */
  close(): void;
}

type AskMessage = Extract<CommandMessage, { type: "ask" }>;

type Phase = "new" | "starting" | "up" | "stopping" | "ended";

/** One incarnation of an actor. */
export class Cell {
  readonly #program: ActorProgram;
  readonly #host: CellHost;
  readonly #stats: CellStats;
  readonly #links: CellLinks;
  readonly #reports: ReportOutbox;
  #commands = new CommandMemory();
  #phase: Phase = "new";
  #handlers: ActorHandlers | null = null;
  #paused = false;
  #heartbeat: Timer | null = null;
  /** What came while the program was starting. */
  #early: OwnerMessage[] = [];

  constructor(program: ActorProgram, host: CellHost) {
    this.#program = program;
    this.#host = host;
    this.#stats = new CellStats(host.clock, host.telemetry);
    this.#reports = new ReportOutbox((report) =>
      host.post({ type: "report", report })
    );
    this.#links = new CellLinks({
      clock: host.clock,
      stats: this.#stats,
      ownsLoop: host.ownsLoop,
      onCrash: (error) => this.crash(error),
      onUndelivered: (link) => host.post({ type: "undelivered", link }),
    });
  }

  /** Takes one message of the owner, of whatever shape it is. */
  handle(message: unknown): void {
    if (this.#phase === "ended") return;
    if (!isOwnerMessage(message)) {
      this.#stats.unknown();
      return;
    }
    if (message.type === "init") {
      void this.#start(message);
    } else if (this.#handlers === null) {
      this.#early.push(message);
    } else {
      this.#guard(() => this.#take(message));
    }
  }

  /** Ends this incarnation because of `error`: reports it, closes everything. Later calls do nothing. */
  crash(error: unknown): void {
    if (this.#phase === "ended") return;
    const { inHand } = this.#links;
    this.#host.post({ type: "crash", error: toWireError(error), inHand });
    this.end();
  }

  /** Ends without a word, as when the host is terminated. */
  end(): void {
    if (this.#phase === "ended") return;
    this.#phase = "ended";
    this.#heartbeat?.cancel();
    this.#links.closeAll();
    this.#host.close();
  }

  async #start(init: InitMessage): Promise<void> {
    try {
      assert(this.#phase === "new", "An actor must be initialised only once");
      this.#phase = "starting";
      this.#paused = init.paused;
      assertProtocolVersion(init.v);
      this.#host.post({ type: "hello", v: PROTOCOL_VERSION });
      this.#heartbeat = this.#host.clock.every(
        HEARTBEAT_MS,
        () => this.#guard(() => this.#beat()),
      );
      const stored = readCellSnapshot(init.snapshot);
      this.#commands = new CommandMemory(stored?.commandIds);
      const handlers = await this.#program.start(
        this.#runtime(init, stored?.state ?? null),
      );
      if (this.#isEnded()) return;
      if (init.paused) handlers.pause?.();
      this.#handlers = handlers;
      this.#links.attach(handlers);
      this.#phase = "up";
      this.#host.post({ type: "ready", paused: init.paused });
      for (const message of this.#early.splice(0)) this.handle(message);
    } catch (error) {
      this.crash(error);
    }
  }

  #runtime(init: InitMessage, snapshot: unknown): ActorRuntime {
    return {
      actorId: init.actorId,
      epoch: init.epoch,
      config: init.config,
      snapshot,
      clock: this.#host.clock,
      send: (link, message, options) =>
        this.#links.send(
          link,
          message,
          Array.isArray(options) ? { transfer: options } : options,
        ),
      credits: (link) => this.#links.credits(link),
      report: (report) => {
        if (!this.#isEnded()) this.#sendReport(report);
      },
      finish: () => this.handle({ type: "stop", id: 0, reason: "stop" }),
      discard: (link) => {
        if (!this.#isEnded()) this.#links.discard(link);
      },
    };
  }

  #take(message: Exclude<OwnerMessage, InitMessage>): void {
    switch (message.type) {
      case "link_open":
        return this.#links.open(message);
      case "link_close":
        return this.#links.close(message.link, message.afterLast);
      case "report_credit":
        return this.#reports.credit(message.count);
      default:
        return this.#command(message);
    }
  }

  #command(command: CommandMessage): void {
    const handlers = this.#handlers!;
    switch (command.type) {
      case "pause":
        if (!this.#paused) handlers.pause?.();
        this.#paused = true;
        return this.#acknowledge(command.id, null);
      case "resume":
        if (this.#paused) handlers.resume?.();
        this.#paused = false;
        return this.#acknowledge(command.id, null);
      case "configure":
        return this.#acknowledge(
          command.id,
          handlers.configure?.(command.config) ?? "needs_restart",
        );
      case "snapshot":
        return this.#links.atBoundary(() =>
          this.#acknowledge(command.id, this.#snapshot(command))
        );
      case "ask":
        return void this.#answer(command);
      case "stop":
        return this.#stopAtBoundary(command.reason);
      default:
        assertNever(command, "command");
    }
  }

  #acknowledge(id: number, value: unknown): void {
    this.#host.post({ type: "ack", id, ok: true, value });
  }

  async #answer({ id, query, commandId }: AskMessage): Promise<void> {
    try {
      const value = await (commandId === undefined
        ? this.#ask(query)
        : this.#commands.once(commandId, () =>
          this.#ask(query)));
      // Posting may fail, too: not everything that can be returned can be cloned.
      if (!this.#isEnded()) this.#acknowledge(id, value);
    } catch (error) {
      if (this.#isEnded()) return;
      this.#host.post({
        type: "ack",
        id,
        ok: false,
        error: toWireError(error),
      });
    }
  }

  #ask(query: unknown): unknown {
    const handlers = this.#handlers!;
    if (handlers.ask === undefined) {
      throw actorError("ACTOR_QUERY_FAILED", "Cannot answer any question");
    }
    return handlers.ask(query);
  }

  /** Null where the last one still holds, or where there is no state to go on from; its commands are then forgotten, too. */
  #snapshot({ ifChanged = false } = {}): CellSnapshot | null {
    const isKnown = ifChanged && !this.#commands.hasChanged &&
      this.#handlers!.hasChanged?.() === false;
    const state = isKnown ? null : this.#handlers!.snapshot?.() ?? null;
    if (state === null) return null;
    return { v: 2, state, commandIds: this.#commands.tell() };
  }

  #stopAtBoundary(reason: StopReason): void {
    if (this.#phase === "stopping") return;
    this.#phase = "stopping";
    this.#links.atBoundary(() => void this.#stop(reason));
  }

  async #stop(reason: StopReason): Promise<void> {
    try {
      await this.#handlers!.stop?.(reason);
      this.#links.atBoundary(() => this.#guard(() => this.#finish()));
    } catch (error) {
      this.crash(error);
    }
  }

  #finish(): void {
    if (this.#isEnded()) return;
    const snapshot = this.#snapshot();
    if (snapshot !== null) this.#host.post({ type: "snapshot", snapshot });
    this.#links.finish();
    this.#reports.flush();
    this.#host.post({ type: "stopped" });
    this.end();
  }

  #beat(): void {
    this.#links.flush();
    const queues = this.#links.figures();
    queues.outboxDepth += this.#reports.depth;
    this.#host.post({ type: "heartbeat", heartbeat: this.#stats.beat(queues) });
  }

  #sendReport(report: unknown): void {
    try {
      this.#reports.send(report);
    } catch (error) {
      // The actor fails even if its program catches this.
      this.crash(error);
      throw error;
    }
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.crash(error);
    }
  }

  #isEnded(): boolean {
    return this.#phase === "ended";
  }
}
