import { Cell } from "./cell.ts";
import type { Clock } from "./clock.ts";
import type { ActorHost, HostListener } from "./host.ts";
import type { ActorProgram } from "./program.ts";
import type { ActorMessage, OwnerMessage } from "./protocol.ts";

/** How an inline host is made. */
export interface InlineHostOptions {
  program: ActorProgram;
  clock: Clock;
}

/**
 * Creates a host that runs one incarnation in the caller's own isolate. With a
 * simulated clock everything is deterministic. Messages are cloned and arrive
 * in microtasks, as between isolates; what it cannot do is contain a rejection
 * that nobody awaits, a busy loop or an exhausted heap.
 */
export function createInlineHost(options: InlineHostOptions): ActorHost {
  return new InlineHost(options);
}

class InlineHost implements ActorHost {
  readonly ports = "memory";
  readonly #cell: Cell;
  #listener: HostListener | null = null;

  constructor({ program, clock }: InlineHostOptions) {
    this.#cell = new Cell(program, {
      clock,
      telemetry: null,
      ownsLoop: false,
      post: (message) => this.#deliver(message),
      close: () => {},
    });
  }

  start(listener: HostListener): void {
    this.#listener = listener;
  }

  post(message: OwnerMessage): void {
    const copy = cloneForActor(message);
    queueMicrotask(() => {
      if (this.#listener !== null) this.#cell.handle(copy);
    });
  }

  terminate(): void {
    this.#listener = null;
    this.#cell.end();
  }

  #deliver(message: ActorMessage): void {
    const copy = structuredClone(message);
    queueMicrotask(() => this.#listener?.onMessage(copy));
  }
}

/** A port is handed over as it is: it is the one thing that two actors share. */
function cloneForActor(message: OwnerMessage): OwnerMessage {
  if (message.type !== "link_open") return structuredClone(message);
  return { ...message, info: structuredClone(message.info) };
}
