/**
 * Denied orders by code, counted from the log: the desk tells an agent of each
 * denial, and the agent writes it down with its code.
 *
 * @module
 */
import {
  DENIAL_CAUSES,
  DENIAL_CODES,
  type DenialCode,
  REFUSAL_CAUSES,
} from "../../contracts/denials.ts";
import type { DeniedGroup } from "../../contracts/fleet_risk.ts";
import type { LogEntry } from "../../contracts/log.ts";
import type { EpochMs } from "../../contracts/primitives.ts";
import { compareText } from "./facts.ts";

/** The part of a line that counts. */
export type DenialLine = Pick<
  LogEntry,
  "seq" | "at" | "agentId" | "agentName" | "message" | "data"
>;

/** One denial, or one breaker of losing trades that opened. */
export interface ToldDenial {
  seq: number;
  at: EpochMs;
  agentId: string | null;
  agentName: string | null;
  code: DenialCode;
  detail: string;
}

/** The denial that a line of category `risk` tells of; null where it tells of something else. */
export function denialOf(line: DenialLine): ToldDenial | null {
  const { code, intentId } = line.data ?? {};
  if (!isDenialCode(code) || typeof intentId !== "string") return null;
  return toTold(line, code);
}

/** The trip of an agent's breaker that a line tells of; null where it tells of something else. */
export function tripOf(line: DenialLine): ToldDenial | null {
  const { code, intentId } = line.data ?? {};
  // What comes back to it from a graver state has not opened anew.
  const isOpening = line.message.startsWith("Trading changed from active ");
  return code === "BREAKER_OPEN" && intentId === undefined && isOpening
    ? toTold(line, code)
    : null;
}

function toTold(
  { seq, at, agentId, agentName, message }: DenialLine,
  code: DenialCode,
): ToldDenial {
  const detail = message.replace(/^(Order denied|Stop not moved): /, "");
  return { seq, at, agentId, agentName, code, detail };
}

function isDenialCode(code: unknown): code is DenialCode {
  return typeof code === "string" && Object.hasOwn(DENIAL_CODES, code);
}

/** Groups by code, most first; `modeOf` says whether an agent trades with money, null for one that is gone. */
export function groupDenials(
  denials: readonly ToldDenial[],
  modeOf: (agentId: string) => "paper" | "live" | null,
): DeniedGroup[] {
  const groups = new Map<DenialCode, ToldDenial[]>();
  for (const denial of denials) {
    const group = groups.get(denial.code);
    if (group === undefined) groups.set(denial.code, [denial]);
    else group.push(denial);
  }
  return [...groups].map(([code, members]) => toGroup(code, members, modeOf))
    .sort((a, b) => b.count - a.count || compareText(a.code, b.code));
}

function toGroup(
  code: DenialCode,
  members: readonly ToldDenial[],
  modeOf: (agentId: string) => "paper" | "live" | null,
): DeniedGroup {
  const last = members.reduce((a, b) => b.seq > a.seq ? b : a);
  const cause = DENIAL_CAUSES[code];
  const modes = members.map(({ agentId }) =>
    agentId === null ? null : modeOf(agentId)
  );
  const count = (mode: "paper" | "live" | null) =>
    modes.filter((one) => one === mode).length;
  return {
    code,
    explanation: DENIAL_CODES[code],
    cause,
    causeText: REFUSAL_CAUSES[cause],
    count: members.length,
    live: count("live"),
    paper: count("paper"),
    gone: count(null),
    agents: new Set(members.map(({ agentId }) => agentId)).size,
    lastAt: last.at,
    lastAgent: last.agentName,
    lastDetail: last.detail,
  };
}
