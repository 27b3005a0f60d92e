import { actorError } from "../errors.ts";
import type { LinkPort } from "../links.ts";
import { createMemoryPorts } from "../memory_ports.ts";
import { LINK_WINDOW, LINK_WINDOW_MAX } from "../limits.ts";
import type { LinkCloseMessage, LinkOpenMessage } from "../protocol.ts";

/** Epochs of the two incarnations that a link joins. */
export interface LinkEpochs {
  fromEpoch: number;
  toEpoch: number;
}

/** A lasting wish that two actors be joined whenever both are up. */
export interface LinkSpec {
  from: string;
  to: string;
  /** Name of the link at the `from` end; unique there. */
  fromLink: string;
  /** Name of the link at the `to` end; unique there. */
  toLink: string;
  /** What the `from` end is told besides `peerId` and `peerEpoch`; asked anew at each opening. */
  fromInfo?: (epochs: LinkEpochs) => unknown;
  toInfo?: (epochs: LinkEpochs) => unknown;
  /** Messages that may be under way in either direction; default `LINK_WINDOW`, 1..`LINK_WINDOW_MAX`. */
  window?: number;
}

/** What both ends are told of each other, merged with the spec's own info. */
export interface PeerInfo {
  peerId: string;
  peerEpoch: number;
}

/** The part of an incarnation that the wiring uses. */
export interface WiringEnd {
  readonly epoch: number;
  readonly ports: "message" | "memory";
  post(
    message: LinkOpenMessage | LinkCloseMessage,
    transfer?: Transferable[],
  ): void;
}

/**
 * Keeps the links that were wished for: opens each when both of its ends are
 * up, closes it at the living end when the other goes down, and opens it over
 * new ports when that comes back.
 */
export class Wiring {
  readonly #specs = new Map<string, LinkSpec>();
  readonly #ends = new Map<string, WiringEnd>();

  /** Adds a link. The same link again only replaces its info functions and window, from the next opening on. */
  connect(spec: LinkSpec): void {
    assertWindow(spec.window ?? LINK_WINDOW);
    const known = this.#specs.get(keyOf(spec.from, spec.fromLink));
    for (const other of this.#specs.values()) assertNoConflict(spec, other);
    this.#specs.set(keyOf(spec.from, spec.fromLink), spec);
    if (known === undefined) this.#open(spec);
  }

  /** Removes a link and closes it at both ends. */
  disconnect(from: string, fromLink: string): void {
    const spec = this.#specs.get(keyOf(from, fromLink));
    if (spec === undefined) return;
    this.#specs.delete(keyOf(from, fromLink));
    if (!this.#ends.has(spec.from) || !this.#ends.has(spec.to)) return;
    this.#close(spec.from, spec.fromLink, false);
    this.#close(spec.to, spec.toLink, false);
  }

  /** An actor is up: opens its links to all that are up. */
  up(id: string, end: WiringEnd): void {
    this.#ends.set(id, end);
    for (const spec of this.#specsOf(id)) this.#open(spec);
  }

  /**
   * An actor is down: closes its links at their other ends, after its last
   * message where it stopped well.
   */
  down(id: string, stoppedWell: boolean): void {
    if (!this.#ends.delete(id)) return;
    for (const spec of this.#specsOf(id)) {
      if (spec.from !== id) this.#close(spec.from, spec.fromLink, stoppedWell);
      if (spec.to !== id) this.#close(spec.to, spec.toLink, stoppedWell);
    }
  }

  /** Forgets an actor and all its links. */
  forget(id: string): void {
    this.down(id, false);
    for (const spec of this.#specsOf(id)) {
      this.#specs.delete(keyOf(spec.from, spec.fromLink));
    }
  }

  #specsOf(id: string): LinkSpec[] {
    return [...this.#specs.values()]
      .filter((spec) => spec.from === id || spec.to === id);
  }

  #open(spec: LinkSpec): void {
    const from = this.#ends.get(spec.from);
    const to = this.#ends.get(spec.to);
    if (from === undefined || to === undefined) return;
    const epochs = { fromEpoch: from.epoch, toEpoch: to.epoch };
    const [fromPort, toPort] = createPorts(from, to);
    const window = spec.window ?? LINK_WINDOW;
    postOpen(to, {
      type: "link_open",
      link: spec.toLink,
      info: {
        ...spec.toInfo?.(epochs) as object,
        peerId: spec.from,
        peerEpoch: from.epoch,
      },
      window,
      port: toPort,
    });
    postOpen(from, {
      type: "link_open",
      link: spec.fromLink,
      info: {
        ...spec.fromInfo?.(epochs) as object,
        peerId: spec.to,
        peerEpoch: to.epoch,
      },
      window,
      port: fromPort,
    });
  }

  #close(id: string, link: string, afterLast: boolean): void {
    this.#ends.get(id)?.post({ type: "link_close", link, afterLast });
  }
}

function createPorts(
  from: WiringEnd,
  to: WiringEnd,
): [MessagePort | LinkPort, MessagePort | LinkPort] {
  if (from.ports === "memory" && to.ports === "memory") {
    return createMemoryPorts();
  }
  const { port1, port2 } = new MessageChannel();
  return [port1, port2];
}

function postOpen(end: WiringEnd, message: LinkOpenMessage): void {
  const transfer = end.ports === "message" ? [message.port as MessagePort] : [];
  end.post(message, transfer);
}

function keyOf(id: string, link: string): string {
  return JSON.stringify([id, link]);
}

function assertWindow(window: number): void {
  if (Number.isInteger(window) && window > 0 && window <= LINK_WINDOW_MAX) {
    return;
  }
  throw new RangeError(
    `Link window must be an integer from 1 to ${LINK_WINDOW_MAX}, was "${window}"`,
  );
}

/** A name may stand for one link only at each end. */
function assertNoConflict(spec: LinkSpec, other: LinkSpec): void {
  const sameFrom = spec.from === other.from && spec.fromLink === other.fromLink;
  const sameTo = spec.to === other.to && spec.toLink === other.toLink;
  const crossed = (spec.from === other.to && spec.fromLink === other.toLink) ||
    (spec.to === other.from && spec.toLink === other.fromLink);
  if (sameFrom === sameTo && !crossed) return;
  throw actorError(
    "LINK_CONFLICT",
    `Cannot connect "${spec.from}" to "${spec.to}": link "${spec.fromLink}" or "${spec.toLink}" is already in use`,
  );
}
