import type { Heartbeat } from "../../actors/mod.ts";

/** What a worker of the platform itself uses, such as a desk or a feed. */
export interface ServiceHeap {
  /** For instance `desk:paper`. */
  service: string;
  heapBytes: number | null;
  /** Right after its garbage was last collected. */
  liveHeapBytes: number | null;
}

/** The newest heaps of workers that are no agents, and so in no agent's figures. */
export class ServiceHeaps {
  readonly #heaps = new Map<string, ServiceHeap>();

  /** One of them gave a sign of life. */
  beat(
    service: string,
    { heapUsedBytes, liveHeapBytes }: Heartbeat,
  ): void {
    this.#heaps.set(service, {
      service,
      heapBytes: heapUsedBytes,
      liveHeapBytes,
    });
  }

  /** It has no worker any more. */
  ended(service: string): void {
    this.#heaps.delete(service);
  }

  list(): readonly ServiceHeap[] {
    return [...this.#heaps.values()];
  }
}
