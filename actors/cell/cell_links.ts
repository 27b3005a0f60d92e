import type { CellStats, QueueFigures } from "./cell_stats.ts";
import { Turn } from "./turn.ts";
import type { Clock } from "../clock.ts";
import type { InHand } from "../errors.ts";
import { Fifo } from "../fifo.ts";
import { fingerprintText, toBoundedText } from "../fingerprint.ts";
import { DIGEST_CHARS_MAX, UNDELIVERED_LINKS_MAX } from "../limits.ts";
import { LinkEnd, type LinkListener, toLinkPort } from "../links.ts";
import type { ActorHandlers, SendOptions } from "../program.ts";
import type { LinkOpenMessage } from "../protocol.ts";

/** What the links of a cell need of it. */
export interface CellLinksOptions {
  clock: Clock;
  stats: CellStats;
  /** Whether the event loop is the actor's own: then its links must not keep it from commands. */
  ownsLoop: boolean;
  /** The program failed, or a link broke a rule. */
  onCrash(error: unknown): void;
  /** A message was meant for a link that is not open; told once a link. */
  onUndelivered(link: string): void;
}

/** One message to hand over, or the close of a link whose last message came before. */
interface Delivery {
  end: LinkEnd;
  message: unknown;
  /** When it left its sender; null where that was not measured. */
  sentAtMs: number | null;
  isLast: boolean;
}

/**
 * The links of one actor and the order in which their messages reach it: one
 * at a time, in the order of arrival over all links.
 */
export class CellLinks implements LinkListener {
  readonly #clock: Clock;
  readonly #stats: CellStats;
  readonly #onCrash: (error: unknown) => void;
  readonly #onUndelivered: (link: string) => void;
  readonly #ends = new Map<string, LinkEnd>();
  /** Waits while an asynchronous `receive` or somebody else's turn is under way; bounded by the windows of the links. */
  readonly #inbox = new Fifo<Delivery>();
  /** Links whose far end stopped well and whose last message has not come yet. */
  readonly #closing = new Set<LinkEnd>();
  /** What must not happen in the middle of a message. */
  readonly #atBoundary: (() => void)[] = [];
  /** Links whose first undelivered message was told. */
  readonly #undelivered = new Set<string>();
  /** Two fields instead of an object: they are set for each message. */
  #inHandLink: string | null = null;
  #inHandMessage: unknown = null;
  #handlers: ActorHandlers | null = null;
  #isBusy = false;
  /** Others have their turn; messages wait. */
  #isYielding = false;
  readonly #turn: Turn | null;
  #isClosed = false;
  /** Figures of links that are closed by now. */
  #conflated = 0;
  #dropped = 0;

  constructor(options: CellLinksOptions) {
    this.#clock = options.clock;
    this.#stats = options.stats;
    this.#turn = options.ownsLoop ? new Turn(options.clock) : null;
    this.#onCrash = options.onCrash;
    this.#onUndelivered = options.onUndelivered;
  }

  /** The message that is being worked on; its digest is made only when it is asked for. */
  get inHand(): InHand | null {
    if (this.#inHandLink === null) return null;
    const { text } = toBoundedText(this.#inHandMessage, DIGEST_CHARS_MAX);
    return { link: this.#inHandLink, digest: fingerprintText(text) };
  }

  /** Says who takes the messages; links are opened afterwards only. */
  attach(handlers: ActorHandlers): void {
    this.#handlers = handlers;
  }

  open(message: LinkOpenMessage): void {
    const { link, info, window, port } = message;
    this.close(link, false);
    const clock = this.#clock;
    const end = new LinkEnd({
      name: link,
      port: toLinkPort(port),
      window,
      listener: this,
      ...(clock.preciseMs === undefined
        ? {}
        : { stampMs: () => clock.preciseMs!() }),
    });
    this.#ends.set(link, end);
    // Before the first message is heard, so that a program knows whom it hears.
    this.#handlers!.linkOpened?.(link, info);
    if (!end.isClosed) end.listen();
  }

  /** Closes a link now, or after the last message of a far end that stopped well. */
  close(link: string, afterLast: boolean): void {
    const end = this.#ends.get(link);
    if (end === undefined) return;
    if (!afterLast) this.#close(end);
    else if (end.isFinished) this.#closeInTurn(end);
    else this.#closing.add(end);
  }

  /** Tells all far ends that nothing more comes. */
  finish(): void {
    for (const end of this.#ends.values()) end.finish();
  }

  /** Closes all links without telling the program, which is at its end. */
  closeAll(): void {
    this.#isClosed = true;
    for (const end of [...this.#ends.values()]) this.#retire(end);
  }

  /** @throws {AppError | Error} If no such link is open, or too much waits on it. */
  send(link: string, message: unknown, options?: SendOptions): void {
    const end = this.#ends.get(link);
    if (end === undefined) {
      // An actor at its end may still be in the middle of something.
      if (this.#isClosed) return;
      throw new Error(`Cannot send on link "${link}": it is not open`);
    }
    this.#stats.sent();
    try {
      end.send(message, options);
    } catch (error) {
      // The actor fails even if its program catches this: a lost message must show.
      this.#onCrash(error);
      throw error;
    }
  }

  credits(link: string): number {
    return this.#ends.get(link)?.credits ?? 0;
  }

  /** Counts a message for a link that is not open, and tells the first one of each link. */
  discard(link: string): void {
    this.#dropped++;
    if (this.#undelivered.has(link)) return;
    if (this.#undelivered.size >= UNDELIVERED_LINKS_MAX) return;
    this.#undelivered.add(link);
    this.#onUndelivered(link);
  }

  /** Gives all owed credit back. */
  flush(): void {
    for (const end of this.#ends.values()) end.flush();
  }

  figures(): QueueFigures {
    const figures = {
      mailboxDepth: this.#inbox.size,
      outboxDepth: 0,
      conflated: this.#conflated,
      dropped: this.#dropped,
    };
    for (const end of this.#ends.values()) {
      figures.outboxDepth += end.depth;
      figures.conflated += end.conflated;
      figures.dropped += end.dropped;
    }
    return figures;
  }

  /** Runs `action` now, or after the message in hand and before the next one. */
  atBoundary(action: () => void): void {
    if (this.#isBusy) this.#atBoundary.push(action);
    else action();
  }

  onMessage(end: LinkEnd, message: unknown): void {
    const { sentAtMs } = end;
    const delivery = { end, message, sentAtMs, isLast: false };
    if (this.#mustWait) this.#inbox.push(delivery);
    else this.#dispatch(delivery);
  }

  onCredit(end: LinkEnd): void {
    this.#handlers!.credited?.(end.name);
  }

  onFinished(end: LinkEnd): void {
    if (this.#closing.has(end)) this.#closeInTurn(end);
  }

  onUnknown(): void {
    this.#stats.unknown();
  }

  onDefect(error: unknown): void {
    this.#onCrash(error);
  }

  get #mustWait(): boolean {
    return this.#isBusy || this.#isYielding;
  }

  #dispatch({ end, message, sentAtMs }: Delivery): void {
    const startedMs = this.#clock.monotonicMs();
    if (this.#turn?.isOver(startedMs) === true) this.#yield();
    this.#inHandLink = end.name;
    this.#inHandMessage = message;
    try {
      const pending = this.#handlers!.receive(end.name, message);
      // An arrow function may return something that is no promise.
      if (typeof pending?.then !== "function") {
        this.#done(end, { startedMs, sentAtMs });
        return;
      }
      this.#isBusy = true;
      pending.then(() => {
        this.#isBusy = false;
        this.#done(end, { startedMs, sentAtMs });
        this.#drain();
      }).catch(this.#onCrash);
    } catch (error) {
      this.#onCrash(error);
    }
  }

  /** Lets the message in hand be the last one for now. */
  #yield(): void {
    this.#isYielding = true;
    this.#clock.after(0, () => {
      this.#isYielding = false;
      this.#drain();
    });
  }

  #done(
    end: LinkEnd,
    { startedMs, sentAtMs }: { startedMs: number; sentAtMs: number | null },
  ): void {
    this.#inHandLink = null;
    this.#inHandMessage = null;
    const endedMs = this.#stats.received(startedMs);
    if (sentAtMs !== null) this.#stats.travelled(sentAtMs);
    this.#turn?.worked(startedMs, endedMs);
    end.release();
  }

  #drain(): void {
    while (!this.#isBusy && !this.#isClosed) {
      const action = this.#atBoundary.shift();
      if (action !== undefined) {
        action();
        continue;
      }
      if (this.#isYielding) return;
      const next = this.#inbox.shift();
      if (next === undefined) return;
      // What a crashed incarnation of the far end sent dies with its link.
      if (next.end.isClosed) continue;
      if (next.isLast) this.#close(next.end);
      else this.#dispatch(next);
    }
  }

  #closeInTurn(end: LinkEnd): void {
    if (this.#mustWait) {
      this.#inbox.push({ end, message: null, sentAtMs: null, isLast: true });
    } else this.#close(end);
  }

  #close(end: LinkEnd): void {
    this.#retire(end);
    this.#handlers!.linkClosed?.(end.name);
  }

  #retire(end: LinkEnd): void {
    this.#closing.delete(end);
    this.#conflated += end.conflated;
    this.#dropped += end.dropped + end.depth;
    this.#ends.delete(end.name);
    end.close();
  }
}
