import { AppError } from "../../core/errors.ts";
import { type InstallOptions, installRuntime } from "./install_runtime.ts";
import { HOW_TO_FETCH, RUNTIME_MB, runtimePlace } from "./runtime_place.ts";
import { readState } from "./runtime_state.ts";

/** Where a command has the runtime from. */
export interface RuntimeSource {
  /** Folder of the runtime. */
  folder: string;
  /**
   * Installs it where it is missing; tells of it only then.
   *
   * @throws {AppError} RUNTIME_MISSING if that fails.
   */
  ensure(): Promise<void>;
}

/** The runtime of a project for what may run Deno. */
export function runtimeSource(
  options: InstallOptions & { say(line: string): void },
): RuntimeSource {
  const { folder } = runtimePlace(options.root, null);
  return {
    folder,
    async ensure() {
      if ((await readState(folder))?.state === "installed") return;
      options.say(`Fetches the ONNX runtime, ${RUNTIME_MB} MB, once`);
      const installed = await installRuntime(options);
      if (installed.ok) return;
      throw new AppError(
        "RUNTIME_MISSING",
        `The ONNX runtime could not be fetched: ${installed.reason}; ${HOW_TO_FETCH}`,
      );
    },
  };
}
