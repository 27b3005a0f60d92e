/** Emergency stops of a whole fleet: the levers, the commands around them, and what they are refused with. */
import type { ControlAction } from "../../../lib/contracts/agent.ts";
import {
  type StopRequest,
  stopRequestSchema,
  type StopResponse,
} from "../../../lib/contracts/emergency.ts";
import type { AppError } from "../../../lib/core/errors.ts";
import { CALLER, type FleetWorld } from "./world.ts";

/** The stop of a test that names none. */
export const ID = "stop_test0001";

/** Pulls a lever while time passes. */
export async function stop(
  world: FleetWorld,
  change: Partial<StopRequest> = {},
  id = ID,
): Promise<StopResponse> {
  const request = stopRequestSchema.parse({ reason: "a drill", ...change });
  const work = world.fleet.emergency.stop(request, { id, caller: CALLER });
  const outcome = await world.settled(work);
  if (outcome.status === "rejected") throw outcome.reason;
  return outcome.value;
}

/** The code that something is refused with; null where it is done. */
export async function codeOf(
  world: FleetWorld,
  work: () => Promise<unknown>,
): Promise<string | null> {
  const outcome = await world.settled(work());
  return outcome.status === "fulfilled"
    ? null
    : (outcome.reason as AppError).code;
}

/** Commands an agent; answers as {@link codeOf}. */
export function control(world: FleetWorld, id: string, action: ControlAction) {
  return codeOf(
    world,
    () =>
      world.fleet.control(
        id,
        { action, reason: "", positions: "close" },
        CALLER,
      ),
  );
}

/** Releases a stop; answers as {@link codeOf}. */
export function release(world: FleetWorld, id = ID) {
  return codeOf(
    world,
    () => world.fleet.emergency.release(id, { reason: "over", caller: CALLER }),
  );
}
