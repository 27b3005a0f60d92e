import * as z from "zod";
import type { TeamPlace } from "../team.ts";
import { same } from "./parts.ts";

/** {@link TeamPlace} */
export const teamPlaceSchema = z.object({
  id: z.string(),
  name: z.string(),
  role: z.string(),
  size: z.number(),
});
same<TeamPlace, typeof teamPlaceSchema>();
