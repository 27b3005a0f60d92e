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
  /** Last number that was pruned of a group; holes up to the greatest one are no loss. */
  prunedUpTo: ReadonlyMap<string, number>;
  last: number;
}

/** Reads all stored events. */
export async function readEventLog(storePath: string): Promise<EventLog> {
  const kv = await Deno.openKv(storePath);
  const events = new Map<number, LoggedEvent>();
  const prunedUpTo = new Map<string, number>();
  try {
    for await (const { key, value } of kv.list({ prefix: ["event"] })) {
      const [, group, number] = key as [string, string, number];
      const seq = Number(number);
      events.set(seq, { group, trade: tradeOf(group, value) });
    }
    for await (
      const { key, value } of kv.list<{ seq: number }>({ prefix: ["pruned"] })
    ) prunedUpTo.set(String(key[1]), value.seq);
  } finally {
    kv.close();
  }
  let last = 0;
  for (const seq of events.keys()) last = Math.max(last, seq);
  return { events, prunedUpTo, last };
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
  const group = GROUPS[event.type]!;
  if (event.seq <= (log.prunedUpTo.get(group) ?? 0)) return true;
  const stored = log.events.get(event.seq);
  return stored?.group === group && stored?.trade === event.trade;
}
