import type { LinkFrame, LinkPort } from "./links.ts";

/**
 * Creates two joined ports within one isolate. Frames are cloned as between
 * isolates, so that no actor can reach into another's objects, and arrive in a
 * microtask of their own.
 */
export function createMemoryPorts(): [LinkPort, LinkPort] {
  const first = new MemoryPort();
  const second = new MemoryPort();
  first.peer = second;
  second.peer = first;
  return [first, second];
}

class MemoryPort implements LinkPort {
  peer: MemoryPort | null = null;
  #onFrame: ((frame: unknown) => void) | null = null;
  #early: unknown[] = [];
  #closed = false;

  post(frame: LinkFrame, transfer: readonly Transferable[] = []): void {
    if (this.#closed) return;
    const copy = structuredClone(frame, { transfer: [...transfer] });
    queueMicrotask(() => this.peer?.accept(copy));
  }

  listen(onFrame: (frame: unknown) => void): void {
    this.#onFrame = onFrame;
    for (const frame of this.#early.splice(0)) onFrame(frame);
  }

  accept(frame: unknown): void {
    if (this.#closed) return;
    if (this.#onFrame === null) this.#early.push(frame);
    else this.#onFrame(frame);
  }

  close(): void {
    this.#closed = true;
    this.#early = [];
  }
}
