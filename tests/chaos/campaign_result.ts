import type { Recovery } from "./recovery_watch.ts";

/** What came out. */
export interface CampaignResult {
  kills: number;
  earlyKills: number;
  orders: number;
  fills: number;
  trades: number;
  /** Agents that traded at the venue, its orders and trades of them, and how often it was faulty. */
  liveAgents: number;
  venueOrders: number;
  venueTrades: number;
  venueFaults: number;
  events: number;
  commands: number;
  repeatedCommands: number;
  unknownCommands: number;
  replaysCompared: number;
  lost: readonly string[];
  duplicated: readonly string[];
  recoveries: readonly Recovery[];
}
