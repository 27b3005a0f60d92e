import type { RecordingInfo } from "../../../lib/contracts/recording.ts";

/** Content of the one recording that every agent of this fleet has. */
export const RECORDED = new Uint8Array([0x1f, 0x8b, 0, 255, 10]);

export function recordingsOf(id: string): Map<string, RecordingInfo> {
  const name = `${id}-3.session`;
  const info = { name, epoch: 3, bytes: 5, startedAt: 0, isWhole: true };
  return new Map([[name, info]]);
}
