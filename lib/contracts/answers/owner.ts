import * as z from "zod";
import type { Owner } from "../owner.ts";
import { same } from "./parts.ts";

/** {@link Owner} */
export const ownerSchema = z.object({
  id: z.string(),
  email: z.string().nullable(),
});
same<Owner, typeof ownerSchema>();
