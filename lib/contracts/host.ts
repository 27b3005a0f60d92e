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
  /** The host that owned it before; null for none. */
  from: string | null;
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

/** `GET /api/hosts`. */
export const hostsResponseSchema = z.object({
  /** False where one process has the store for itself: then there are no hosts. */
  isShared: z.boolean(),
  /** By name. */
  items: z.array(hostViewSchema),
  /** What is wrong with the hosts as a whole, such as versions that differ, in sentences. */
  warnings: z.array(z.string()),
});
export type HostsResponse = z.infer<typeof hostsResponseSchema>;

/** `POST /api/hosts/{id}/forget`. */
export const forgetHostSchema = z.strictObject({
  /** The name of the host once more: what it had goes on elsewhere. */
  confirm: z.string({ error: "Type the name of the host" }).trim().max(60),
});

/** All hosts with what is wrong with them as a whole, as a process of this version sees them. */
export function hostsResponse(
  { isShared, hosts, version }: {
    isShared: boolean;
    hosts: readonly HostView[];
    version: string;
  },
): HostsResponse {
  return {
    isShared,
    items: [...hosts].sort((a, b) => a.id < b.id ? -1 : 1),
    warnings: isShared ? warningsOf(hosts, version) : [],
  };
}

function warningsOf(hosts: readonly HostView[], version: string): string[] {
  const up = hosts.filter(({ state }) => state !== "gone");
  const versions = new Set([version, ...up.map((host) => host.version)]);
  const warnings: string[] = [];
  if (versions.size > 1) {
    warnings.push(
      `The processes run different versions (${
        [...versions].sort().join(", ")
      }): bring all to the same one; until then one may refuse what another asks`,
    );
  }
  if (!up.some(({ state }) => state === "alive")) {
    warnings.push("No host is up: agents stand still until one starts");
  }
  return warnings;
}
