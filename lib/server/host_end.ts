import { EXIT_CODES } from "../core/exit_codes.ts";
import type { Console } from "./console.ts";
import { SHUTDOWN_MS } from "./limits.ts";

/** What a serving process has to end. */
export interface Serving {
  /** Ends all actors and closes the store. */
  drain(reason: string): Promise<void>;
  /** Stops listening and waits for open connections. */
  shutdown(): Promise<void>;
}

/** The ordered end of the host process, whoever asks for it. */
export interface HostEnd {
  /** From now on there is something to drain. */
  serve(serving: Serving): void;
  /** Drains and exits. Asked again, it changes nothing. */
  begin(why: string, exitCode?: number): Promise<void>;
}

/** Creates the end of this process; `exit` is how it ends. */
export function createHostEnd(
  { console, exit }: { console: Console; exit: (code: number) => void },
): HostEnd {
  let serving: Serving | null = null;
  let isEnding = false;
  return {
    serve(parts) {
      serving = parts;
    },
    async begin(why, exitCode = EXIT_CODES.ok) {
      // Ctrl-C on a terminal reaches this process and the one that started it.
      if (isEnding) return;
      isEnding = true;
      console.info(
        `${why}: stopping all agents; they go on at the next start`,
      );
      // A start that is cut off repeats what it had begun, as after any death.
      if (serving === null) return exit(exitCode);
      try {
        await serving.drain("The server is shutting down");
      } catch (error) {
        console.error(
          "Cannot stop in order; the next start recovers what is missing",
          error,
        );
        return exit(exitCode === EXIT_CODES.ok ? EXIT_CODES.failed : exitCode);
      }
      await Promise.race([
        serving.shutdown(),
        new Promise((resolve) => setTimeout(resolve, SHUTDOWN_MS)),
      ]);
      console.info("Stopped");
      exit(exitCode);
    },
  };
}
