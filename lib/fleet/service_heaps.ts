import type { Heartbeat } from "../../actors/mod.ts";
import type { ServiceHeap } from "../contracts/vitals.ts";

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
