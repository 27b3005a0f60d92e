import type { EpochMs } from "./primitives.ts";

/** A worker → its owner: lines of the session that it records. */
export interface RecordingReport {
  kind: "recording";
  /** Name of the behaviour that is recorded. */
  behavior: string;
  /** The first block of an incarnation opens its file. */
  isFirst: boolean;
  /** Lines of turns, each with its line break; empty where nothing came since the last block. */
  lines: string;
  /** How many lines these are. */
  turns: number;
  /** What the decisions in them asked for, for the hash over all decisions. */
  decisions: readonly string[];
  /** Set in the last block. */
  end: RecordingEnd | null;
}

/** How a recording ends. */
export interface RecordingEnd {
  /** Why it ends before its agent does; null where the agent has stopped. */
  reason: string | null;
}

/** A recorded session of an agent, as the API lists it. */
export interface RecordingInfo {
  /** Name of the file, for the download. */
  name: string;
  /** Incarnation of the agent that is recorded. */
  epoch: number;
  bytes: number;
  /** When the incarnation started, real time; null where the file does not say. */
  startedAt: EpochMs | null;
  /** Whether it has its end; false while it is written and after a crash. */
  isWhole: boolean;
}
