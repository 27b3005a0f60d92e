/** What the system says of a process, and of a folder. */

/** One look at a process; null where the system does not tell. */
export interface ProcessSample {
  rssMiB: number | null;
  threads: number | null;
  /** Open files and sockets. */
  handles: number | null;
}

/** Looks at a process. By programs of the system: Deno reads /proc itself only with all permissions, which the tasks have not. */
export async function sampleProcess(pid: number): Promise<ProcessSample> {
  const [status, handles] = await Promise.all([
    run("cat", [`/proc/${pid}/status`]),
    run("ls", [`/proc/${pid}/fd`]),
  ]);
  const kib = numberIn(status, /^VmRSS:\s+(\d+)/m);
  return {
    rssMiB: kib === null ? null : kib / 1_024,
    threads: numberIn(status, /^Threads:\s+(\d+)/m),
    handles: handles === null ? null : handles.trim().split("\n").length,
  };
}

/** Size of all files below a folder, in MiB. */
export async function folderMiB(folder: string): Promise<number | null> {
  const text = await run("du", ["-sk", folder]);
  const kib = numberIn(text, /^(\d+)/);
  return kib === null ? null : kib / 1_024;
}

function numberIn(text: string | null, pattern: RegExp): number | null {
  const found = text === null ? undefined : pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** Files may go away while `du` counts: it then ends with 1 and tells the rest. */
async function run(
  program: string,
  args: readonly string[],
): Promise<string | null> {
  try {
    const { stdout } = await new Deno.Command(program, {
      args: [...args],
      stderr: "null",
    }).output();
    const text = new TextDecoder().decode(stdout);
    return text === "" ? null : text;
  } catch {
    return null;
  }
}
