import type { Clock } from "../../../actors/clock.ts";
import { installRuntime } from "./install_runtime.ts";
import { REQUEST_FILE, runtimePlace } from "./runtime_place.ts";
import { RuntimeKeeper } from "./runtime_keeper.ts";

/** What a process keeps the runtime for. */
export interface KeepRuntimeOptions {
  /** Folder of the project. */
  root: URL;
  /** Data folder of the host process. */
  dataDir: string;
  clock: Clock;
  hostPid(): number | null;
  /** Prints one line. */
  say(line: string): void;
}

/** Fetches the ONNX runtime of a project for its host process, by the Deno that runs this one. */
export function keepRuntime(
  { root, dataDir, ...options }: KeepRuntimeOptions,
): RuntimeKeeper {
  return new RuntimeKeeper({
    ...options,
    folder: runtimePlace(root, dataDir).folder,
    requestPath: `${dataDir}/${REQUEST_FILE}`,
    install: (signal) =>
      installRuntime({ root, deno: Deno.execPath(), signal }),
  });
}
