import { AUDIT_STREAMS } from "../../../../lib/contracts/audit_trail.ts";
import { StreamWalk } from "../../../../lib/store/audit/stream_walk.ts";
import type { Evidence } from "../evidence.ts";

/**
 * P1: audit entries are numbered without holes and each carries the hash of the
 * one before; a command has one entry if it was acknowledged, and never more
 * than one.
 */
export function checkAudit(evidence: Evidence): void {
  const { audit, sent, report } = evidence;
  checkChains(evidence);
  const groups = new Map<string, { sent: number; done: number }>();
  for (const { agentId, action, outcome } of sent) {
    if (action === "spawn") continue;
    const key = `${action} on ${agentId}`;
    const group = groups.get(key) ?? { sent: 0, done: 0 };
    group.sent++;
    if (outcome === "done") group.done++;
    groups.set(key, group);
  }
  for (const [key, group] of groups) {
    const entries = audit.filter(({ action, target }) =>
      `${action} on ${target}` === key
    ).length;
    if (entries < group.done) {
      report(
        "P1",
        `Audit has ${entries} entries of ${group.done} acknowledged commands ${key}`,
      );
    }
    if (entries > group.sent) {
      report(
        "P1",
        `Audit has ${entries} entries of ${group.sent} commands ${key}`,
      );
    }
  }
  for (const { agentId, action } of sent) {
    if (action !== "spawn") continue;
    const entries = audit.filter((entry) =>
      entry.action === "agent.spawn" && entry.target === agentId
    ).length;
    if (entries !== 1) {
      report("P1", `Audit has ${entries} entries of the spawn of ${agentId}`);
    }
  }
}

function checkChains({ audit, auditHeads, report }: Evidence): void {
  for (const stream of AUDIT_STREAMS) {
    const walk = new StreamWalk(stream);
    for (const record of audit) {
      if (record.stream === stream) walk.accept(record);
    }
    const fault = walk.finish(auditHeads.get(stream) ?? { n: 0, hash: null });
    if (fault !== null) report("P1", `Audit: ${fault.detail}`);
  }
}
