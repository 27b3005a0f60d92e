/** What is done to the processes, by seed, and how it is undone. */
import type { Rng } from "../../lib/core/rng.ts";
import {
  CONTROL_SHARE,
  FAULT_SHARE_MAX,
  FAULT_SHARE_MIN,
  TWO_HOSTS_SHARE,
} from "./limits.ts";
import type { Member } from "./member.ts";

/** Killed with SIGKILL, stopped with SIGSTOP, or cut off from the store. */
export const FAULT_KINDS = ["kill", "pause", "cut"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One member and what happens to it. */
export interface Fault {
  member: Member;
  kind: FaultKind;
  /** How long until it is started again, goes on, or reaches the store again. */
  ms: number;
}

/** Chooses the faults of one round: one or two hosts, those with agents before others, sometimes a control besides. */
export function chooseFaults(
  members: readonly Member[],
  { rng, pauseMs, hasAgents }: {
    rng: Rng;
    pauseMs: number;
    hasAgents: (id: string) => boolean;
  },
): Fault[] {
  const pick = <T>(list: readonly T[]) =>
    list[Math.floor(rng.next() * list.length)]!;
  const hosts = members.filter(({ role }) => role === "host");
  const controls = members.filter(({ role }) => role === "control");
  const owners = hosts.filter(({ id }) => hasAgents(id));
  // One that has started again has none until new ones come.
  const victims = [pick(owners.length === 0 ? hosts : owners)];
  if (rng.next() < TWO_HOSTS_SHARE && hosts.length > 2) {
    victims.push(pick(hosts.filter((host) => host !== victims[0])));
  }
  if (rng.next() < CONTROL_SHARE) victims.push(pick(controls));
  return victims.map((member) => ({
    member,
    kind: pick(FAULT_KINDS),
    ms: pauseMs *
      (FAULT_SHARE_MIN + rng.next() * (FAULT_SHARE_MAX - FAULT_SHARE_MIN)),
  }));
}

/** Makes it happen. */
export async function strike({ member, kind }: Fault): Promise<void> {
  if (kind === "kill") await member.kill();
  else if (kind === "pause") member.suspend();
  else member.cut();
}

/** Ends it. */
export async function heal({ member, kind }: Fault): Promise<void> {
  if (kind === "kill") await member.start();
  else if (kind === "pause") member.resume();
  else member.mend();
}

/** For people. */
export function describe({ member, kind, ms }: Fault): string {
  return `${kind} ${member.id} for ${(ms / 1_000).toFixed(1)} s`;
}
