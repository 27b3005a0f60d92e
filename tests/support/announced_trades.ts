import type { StreamedEvent, TestApi } from "./api.ts";

/** Ids of the trades that the event log tells of, in its order, once there are so many. */
export async function readAnnouncedTrades(
  api: TestApi,
  id: string,
  count: number,
): Promise<string[]> {
  const isTrade = (event: StreamedEvent) =>
    event.type === "trade.closed" && event.data.agentId === id;
  const events = await api.follow({
    after: 0,
    until: (seen) => seen.filter(isTrade).length >= count,
  });
  return events.filter(isTrade).map((event) => event.data.trade.tradeId);
}
