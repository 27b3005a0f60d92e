import type { KnownHost } from "../../contracts/host.ts";
import { HOST_DEAD_MS, HOST_SILENT_MS, LOOK_GAP_MAX_MS } from "./limits.ts";

/** A host as one process sees it. */
export interface Peer {
  host: KnownHost;
  /** `dead`: silent for so long that its session may be ended; `gone`: it has none. */
  state: "alive" | "silent" | "dead" | "gone";
}

interface Seen {
  sign: string;
  sinceMs: number;
}

/**
 * Tells from signs of life which hosts are there. Only this process's own
 * monotonic clock counts: how long ago it first saw the newest sign. Time in
 * which it did not look itself, because it was suspended or the store was away,
 * says nothing about others and does not count.
 */
export class PeerWatch {
  #seen = new Map<string, Seen>();
  #lookedMs: number | null = null;

  /** Judges all hosts by what the store says now, `nowMs` by the monotonic clock. */
  look(hosts: readonly KnownHost[], nowMs: number): readonly Peer[] {
    const wasAway = this.#lookedMs === null ||
      nowMs - this.#lookedMs > LOOK_GAP_MAX_MS;
    this.#lookedMs = nowMs;
    const before = this.#seen;
    this.#seen = new Map();
    return hosts.map((host) => {
      const { id, session, beat } = host.record;
      const sign = `${session} ${beat}`;
      const last = before.get(id);
      const isNews = wasAway || last?.sign !== sign;
      const sinceMs = isNews ? nowMs : last!.sinceMs;
      this.#seen.set(id, { sign, sinceMs });
      return { host, state: stateOf(host, nowMs - sinceMs) };
    });
  }
}

function stateOf(
  { sessionStamp }: KnownHost,
  silentMs: number,
): Peer["state"] {
  if (sessionStamp === null) return "gone";
  if (silentMs >= HOST_DEAD_MS) return "dead";
  return silentMs >= HOST_SILENT_MS ? "silent" : "alive";
}
