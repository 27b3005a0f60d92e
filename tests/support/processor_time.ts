/** What the system says about processor time; null where it has no /proc. */

/** Ticks a second of /proc, the same on all Linux systems of today. */
const TICKS_PER_SECOND = 100;

/** Processor time that a process has used so far, in milliseconds. */
export async function processCpuMs(pid: number): Promise<number | null> {
  const stat = await read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in front may hold anything, and ends with the last parenthesis.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 1_000 / TICKS_PER_SECOND;
}

/** Ticks of all processors. */
export interface ProcessorTicks {
  all: number;
  stolen: number;
}

/** Share of the processors that the host of this virtual machine gave to others between two looks: it makes every time longer. */
export function stolenPct(
  before: ProcessorTicks | null,
  after: ProcessorTicks | null,
): number | null {
  if (before === null || after === null || after.all === before.all) {
    return null;
  }
  return Math.round(
    100 * (after.stolen - before.stolen) / (after.all - before.all),
  );
}

/** Ticks of all processors so far, and those that a virtual machine's host gave to others. */
export async function processorTicks(): Promise<ProcessorTicks | null> {
  const stat = await read("/proc/stat");
  if (stat === null) return null;
  const ticks = stat.split("\n")[0]!.trim().split(/\s+/).slice(1, 9).map(
    Number,
  );
  return { all: ticks.reduce((sum, one) => sum + one, 0), stolen: ticks[7]! };
}

/** By a program of the system: Deno reads /proc itself only with all permissions, which the task has not. */
async function read(path: string): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command("cat", { args: [path] })
      .output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch {
    return null;
  }
}
