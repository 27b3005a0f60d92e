import type { StreamType, VolatileType } from "../../contracts/stream.ts";

/** Groups of events. Each has its own key range, head key and retention. */
export const TOPIC_GROUPS = ["agents", "trades", "system", "logs"] as const;
export type TopicGroup = (typeof TOPIC_GROUPS)[number];

/** Types of events that are stored. */
export type StoredType = Exclude<StreamType, VolatileType>;

/** The group of each stored event type. */
export const GROUP_OF: Readonly<Record<StoredType, TopicGroup>> = {
  "agent.updated": "agents",
  "agent.removed": "agents",
  "trade.closed": "trades",
  "system.event": "system",
  "log.added": "logs",
};
