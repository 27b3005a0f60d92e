/** Which events the store holds, read from its file when no server runs. */

/** Groups of stored events by the type that a client sees. */
const GROUPS: Readonly<Record<string, string>> = {
  "agent.updated": "agents",
  "agent.removed": "agents",
  "trade.closed": "trades",
  "system.event": "system",
  "log.added": "logs",
};

/** What is looked at of a stored event. */
interface LoggedEvent {
  group: string;
  /** `<agent id> <trade id>` of an announced trade. */
  trade: string | null;
}

/** The stored events. */
export interface EventLog {
  events: Map<number, LoggedEvent>;
  /** From this number on nothing was pruned. */
  keptFrom: number;
  last: number;
}

/** Reads all stored events. */
export async function readEventLog(storePath: string): Promise<EventLog> {
  const kv = await Deno.openKv(storePath);
  const events = new Map<number, LoggedEvent>();
  const first = new Map<string, number>();
  try {
    for await (const { key, value } of kv.list({ prefix: ["event"] })) {
      const [, group, number] = key as [string, string, number];
      const seq = Number(number);
      events.set(seq, { group, trade: tradeOf(group, value) });
      first.set(group, Math.min(first.get(group) ?? Infinity, seq));
    }
  } finally {
    kv.close();
  }
  // Each group is pruned by itself, from its oldest event on.
  const keptFrom = events.has(1) ? 1 : Math.max(...first.values());
  let last = 0;
  for (const seq of events.keys()) last = Math.max(last, seq);
  return { events, keptFrom, last };
}

// deno-lint-ignore no-explicit-any -- what is in the store is what is examined here
function tradeOf(group: string, value: any): string | null {
  return group === "trades"
    ? `${value.data.agentId} ${value.data.trade.tradeId}`
    : null;
}

/** Whether a streamed event is stored under its number. */
export function isStored(
  log: EventLog,
  event: { seq: number; type: string; trade: string | null },
): boolean {
  if (event.seq < log.keptFrom) return true;
  const stored = log.events.get(event.seq);
  return stored?.group === GROUPS[event.type] && stored?.trade === event.trade;
}
