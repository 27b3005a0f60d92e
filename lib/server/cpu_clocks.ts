import process from "node:process";

/** What processor time the fleet compares to find threads that burn without an agent. */
export const cpuClocks = {
  /** All threads of the process together, in milliseconds. */
  processCpuMs: (): number => toMs(process.cpuUsage()),
  /** The thread of the main isolate, in milliseconds. */
  mainCpuMs: (): number => toMs(process.threadCpuUsage()),
};

function toMs({ user, system }: { user: number; system: number }): number {
  return (user + system) / 1_000;
}
