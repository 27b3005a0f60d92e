import type { Evidence } from "../evidence.ts";

/** P1: the event log has no holes, and tells each stored trade once. */
export function checkEvents(
  { events, headSeq, agents, report }: Evidence,
): void {
  events.forEach(({ seq }, index) => {
    if (seq !== index + 1) report("P1", `Event ${index + 1} is missing`);
  });
  if (events.length !== headSeq) {
    report("P1", `The head is at event ${headSeq}, there are ${events.length}`);
  }
  for (const { id, stored } of agents) {
    const told = events.flatMap((event) =>
      event.type === "trade.closed" && event.data.agentId === id
        ? [event.data.trade.tradeId]
        : []
    );
    const ids = stored.map(({ tradeId }) => tradeId);
    if (JSON.stringify(told) !== JSON.stringify(ids)) {
      report(
        "P1",
        `Events tell the trades ${told.join()} of ${id}, the store has ${ids.join()}`,
      );
    }
  }
}
