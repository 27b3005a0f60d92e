import * as z from "zod";
import type { DeadLetter } from "../dead_letter.ts";
import { DEAD_LETTER_REASONS } from "../dead_letter.ts";
import { same } from "./parts.ts";

/** {@link DeadLetter} */
export const deadLetterSchema = z.object({
  n: z.number(),
  at: z.number(),
  actorId: z.string(),
  agentId: z.string().nullable(),
  agentName: z.string().nullable(),
  epoch: z.number(),
  reason: z.enum(DEAD_LETTER_REASONS),
  link: z.string().nullable(),
  detail: z.string(),
});
same<DeadLetter, typeof deadLetterSchema>();
