import type { LifecycleChanged } from "../../../../lib/contracts/lifecycle.ts";
import type { Evidence } from "../evidence.ts";

const DOWN: readonly string[] = ["stopped", "quarantined", "killed"];

/** P9: within one process each change goes on from the one before, and each has a cause. */
export function checkLifecycle({ events, bootSeqs, report }: Evidence): void {
  const last = new Map<string, { change: LifecycleChanged; boot: number }>();
  for (const event of events) {
    if (event.type !== "system.event") continue;
    const { change } = event.data as { change?: LifecycleChanged };
    if (change === undefined) continue;
    const what = `${change.id}: ${change.from} to ${change.to}`;
    if (change.cause === "") report("P9", `${what} has no cause`);
    const boot = bootSeqs.filter((seq) => seq < event.seq!).length;
    const before = last.get(change.id);
    last.set(change.id, { change, boot });
    // Desk and feeds count from 1 in each process, agents go on.
    if (before?.boot === boot && change.epoch < before.change.epoch) {
      report(
        "P9",
        `${what} has epoch ${change.epoch} after ${before.change.epoch}`,
      );
    }
    // A child that is made anew starts from the bottom.
    const isNew = before === undefined || before.boot !== boot ||
      DOWN.includes(before.change.to);
    if (isNew && change.from === "stopped") continue;
    if (before?.boot === boot && change.from === before.change.to) continue;
    report("P9", `${what} follows ${before?.change.to ?? "nothing"}`);
  }
}
