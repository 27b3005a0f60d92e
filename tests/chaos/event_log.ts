/** Which events the store holds, read from its file when no server runs. */

/** Groups of stored events by the type that a client sees. */
const GROUPS: Readonly<Record<string, string>> = {
  "agent.updated": "agents",
  "agent.removed": "agents",
  "trade.closed": "trades",
  "system.event": "system",
  "log.added": "logs",
};

/** The numbers of the stored events. */
export interface EventLog {
  /** Group by number. */
  groups: Map<number, string>;
  /** From this number on nothing was pruned. */
  keptFrom: number;
  last: number;
}

/** Reads the keys of all stored events. */
export async function readEventLog(storePath: string): Promise<EventLog> {
  const kv = await Deno.openKv(storePath);
  const groups = new Map<number, string>();
  const first = new Map<string, number>();
  try {
    for await (const { key } of kv.list({ prefix: ["event"] })) {
      const [, group, seq] = key as [string, string, number];
      groups.set(Number(seq), group);
      first.set(group, Math.min(first.get(group) ?? Infinity, Number(seq)));
    }
  } finally {
    kv.close();
  }
  // Each group is pruned by itself, from its oldest event on.
  const keptFrom = groups.has(1) ? 1 : Math.max(...first.values());
  return { groups, keptFrom, last: Math.max(0, ...groups.keys()) };
}

/** Whether a streamed event is stored under its number. */
export function isStored(
  log: EventLog,
  event: { seq: number; type: string },
): boolean {
  return event.seq < log.keptFrom ||
    log.groups.get(event.seq) === GROUPS[event.type];
}
