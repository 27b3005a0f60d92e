import type { Clock } from "../../actors/mod.ts";
import type { Console } from "./console.ts";
import { RecycleWhenQuiet } from "./recycle_when_quiet.ts";

/** How the process is recycled, and when. */
export interface Recycling {
  /** Tells whether the moment is quiet; set once there is somebody to ask. */
  isQuiet: () => boolean;
  /** Wishes a fresh process, with the reason; null takes the wish back. */
  onRecycleWanted(detail: string | null): void;
}

/** Recycles this process, or advises to, when it is wished and the moment is quiet. */
export function createRecycling(
  options: {
    clock: Clock;
    console: Console;
    /** Left out where nobody would start the process again. */
    onRecycle: ((detail: string) => void) | undefined;
  },
): Recycling {
  const advise = (detail: string) =>
    options.console.warning(
      `${detail}: restart the server when it is convenient`,
    );
  const recycling: Recycling = {
    isQuiet: () => false,
    onRecycleWanted(detail) {
      if (detail === null) watch.withdraw();
      else watch.want(detail);
    },
  };
  const watch = new RecycleWhenQuiet({
    clock: options.clock,
    isQuiet: () => recycling.isQuiet(),
    recycle: options.onRecycle ?? advise,
  });
  return recycling;
}
