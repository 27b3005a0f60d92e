import type { LinkFrame, LinkPort } from "../../../actors/links.ts";
import { Channel } from "./channel.ts";
import type { Isolate } from "./isolate.ts";

/** What one end of a simulated link is made of. */
export interface SimulatedPortOptions {
  isolate: Isolate;
  /** The end within memory that this one delays. */
  inner: LinkPort;
  /** Name of the link at this end. */
  link: string;
  delayMs(): number;
  /** Told of each frame before the actor takes it, and after. */
  onFrame(frame: unknown): void;
  onTaken(): void;
}

/**
 * One end of a link between two isolates. Links are reliable and ordered until
 * an end dies, because message ports are: so frames are delayed, and never
 * dropped, repeated or reordered within a living link. What an actor has sent
 * before it died still arrives, until the far end is told to close.
 */
export class SimulatedPort implements LinkPort {
  readonly #options: SimulatedPortOptions;
  readonly #channel: Channel<unknown>;
  #onFrame: (frame: unknown) => void = () => {};
  #isClosed = false;

  constructor(options: SimulatedPortOptions) {
    this.#options = options;
    this.#channel = new Channel({
      boot: options.isolate.boot,
      delayMs: options.delayMs,
      deliver: (frame) => this.#deliver(frame),
    });
  }

  post(frame: LinkFrame, transfer?: readonly Transferable[]): void {
    if (this.#isClosed || this.#options.isolate.isDead) return;
    this.#options.inner.post(frame, transfer);
  }

  listen(onFrame: (frame: unknown) => void): void {
    this.#onFrame = onFrame;
    this.#options.inner.listen((frame) => this.#channel.send(frame));
  }

  close(): void {
    this.#isClosed = true;
    this.#options.inner.close();
  }

  #deliver(frame: unknown): void {
    const { isolate, link, onFrame, onTaken } = this.#options;
    isolate.enter(`${link} ${describe(frame)}`, () => {
      if (this.#isClosed) return;
      onFrame(frame);
      try {
        this.#onFrame(frame);
      } finally {
        onTaken();
      }
    });
  }
}

function describe(frame: unknown): string {
  if (!Array.isArray(frame)) return String(frame);
  const { type, seq, fromSeq } = frame[0] as Record<string, unknown>;
  return `${type} ${seq ?? fromSeq ?? ""}`;
}
