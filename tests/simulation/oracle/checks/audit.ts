import type { Evidence } from "../evidence.ts";

/** P1: audit entries are numbered without holes, and a command has one entry if it was acknowledged, and never more than one. */
export function checkAudit({ audit, sent, report }: Evidence): void {
  audit.forEach(({ n }, index) => {
    if (n !== index + 1) report("P1", `Audit entry ${index + 1} is missing`);
  });
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
