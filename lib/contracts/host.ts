/**
 * Hosts: processes that run agents over one shared store.
 *
 * @module
 */
import * as z from "zod";
import type { EmergencyDeskState } from "./emergency.ts";

/** What a process is there for. */
export const FLEET_ROLES = ["all", "control", "host"] as const;
export type FleetRole = (typeof FLEET_ROLES)[number];

/** A host as it tells of itself with each sign of life. */
export interface HostRecord {
  id: string;
  /** Its start: another one after each restart. */
  session: string;
  role: FleetRole;
  version: string;
  startedAt: number;
  /** Grows with each sign of life. Clocks of hosts are never compared. */
  beat: number;
  /** When that was by its own clock, for people to read. */
  at: number;
  /** Agents that it owns, and how many it may. */
  agents: number;
  capacity: number;
  /** Exchanges that it may reach. */
  exchanges: readonly string[];
  isLiveArmed: boolean;
  /** It gives its agents away and takes no new ones. */
  isDraining: boolean;
  /** Emergency stops as its desks have them. */
  emergency: EmergencyDeskState;
}

/** A host as the store knows it. */
export interface KnownHost {
  record: HostRecord;
  /** Of the entry that lets its session own agents; null where that is gone or is another session's. */
  sessionStamp: string | null;
  /** Somebody wants it to drain. */
  isToDrain: boolean;
}

/** Which start of which host owns an agent. */
export interface AgentOwner {
  agentId: string;
  hostId: string;
  session: string;
  /** Grows with each owner. */
  epoch: number;
  /** The host whose journal of it is the newest; null for none. */
  from: string | null;
  /** Its journal is on the disk of this owner: from here on that is the newest. */
  isIn?: true;
  /** When it was taken, by the owner's clock. */
  at: number;
}

/** An owner and the version of its entry. */
export interface KnownOwner {
  owner: AgentOwner;
  versionstamp: string;
}

/** How a host stands: `silent` gave no sign of life lately, `gone` has ended or was taken for dead. */
export const HOST_STATES = ["alive", "draining", "silent", "gone"] as const;
export type HostState = (typeof HOST_STATES)[number];

/** A host as people see it. */
export const hostViewSchema = z.object({
  id: z.string(),
  state: z.enum(HOST_STATES),
  role: z.enum(FLEET_ROLES),
  version: z.string(),
  startedAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  agents: z.int().min(0),
  capacity: z.int().min(0),
  exchanges: z.array(z.string()),
  isLiveArmed: z.boolean(),
  isSelf: z.boolean(),
});
export type HostView = z.infer<typeof hostViewSchema>;
