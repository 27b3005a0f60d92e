import type { VenueBench } from "./bench.ts";

/** Types of the commands since the last look, with the roles of their orders. */
export function roles(bench: VenueBench): string[] {
  return bench.take().map((command) =>
    command.type === "syncIds"
      ? command.type
      : `${command.type} ${command.orderId.split("-")[1]}`
  );
}
