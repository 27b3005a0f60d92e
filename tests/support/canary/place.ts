/** How one place takes a secret. */
import type { CanaryCall, CanaryWorld } from "./world.ts";

/** One place, and how secrets get into it. */
export interface CanaryPlace {
  name: string;
  enter(world: CanaryWorld): Promise<unknown>;
}

/** An endpoint that gets one secret in each of these members. */
export function endpoint(
  path: string,
  members: readonly string[],
  rest: Partial<CanaryCall> & { known?: Record<string, unknown> } = {},
): CanaryPlace {
  const { known, ...call } = rest;
  return {
    name: `${call.method ?? "POST"} ${path}`,
    enter: (world) =>
      world.call({
        path,
        ...call,
        body: {
          ...known,
          ...Object.fromEntries(
            members.map((
              name,
            ) => [name, world.make(`${name} of ${path}`)]),
          ),
        },
      }),
  };
}

/** A request without a login that changes nothing. */
export const READ: Partial<CanaryCall> = { method: "GET", isAnonymous: true };
