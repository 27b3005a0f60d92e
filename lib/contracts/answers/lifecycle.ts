import * as z from "zod";
import type { LifecycleChanged } from "../lifecycle.ts";
import { LIFECYCLE_EVENTS, OBSERVED_STATES } from "../lifecycle.ts";
import { same } from "./parts.ts";

/** {@link LifecycleChanged} */
export const lifecycleChangedSchema = z.object({
  id: z.string(),
  from: z.enum(OBSERVED_STATES),
  to: z.enum(OBSERVED_STATES),
  event: z.enum(LIFECYCLE_EVENTS),
  epoch: z.number(),
  cause: z.string(),
  restarts: z.number(),
  restartBudget: z.number(),
  retryAt: z.number().nullable(),
  at: z.number(),
});
same<LifecycleChanged, typeof lifecycleChangedSchema>();
