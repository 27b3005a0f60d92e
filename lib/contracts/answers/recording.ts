import * as z from "zod";
import type { RecordingInfo } from "../recording.ts";
import { same } from "./parts.ts";

/** {@link RecordingInfo} */
export const recordingInfoSchema = z.object({
  name: z.string(),
  epoch: z.number(),
  bytes: z.number(),
  startedAt: z.number().nullable(),
  isWhole: z.boolean(),
});
same<RecordingInfo, typeof recordingInfoSchema>();
