import { family } from "./family.ts";
import { MAX_MIRRORED_SEGMENTS, RETAINED_QUESTIONS_MS } from "./limits.ts";

const ofAgent = "One for each agent; removed with it";

/** Families of several hosts over one store. */
export const HOST_FAMILIES = {
  changed: family(
    "That things of a kind were changed, for processes that have them in memory",
    "One for each kind",
  ),
  head_turn: family(
    "That the next commit of events is that of one process, where several are in each other's way",
    "One; removed by that commit",
  ),
  host: family(
    "A host and its last sign of life",
    "One for each host; pruned a day after its last start has ended",
  ),
  host_session: family(
    "The start of a host that may own agents",
    "One for each host that is up",
  ),
  host_drain: family(
    "That a host is to give its agents away",
    "One for each host; removed by it",
  ),
  owner: family(
    "Which host owns an agent",
    `${ofAgent}; of one that was never stored given back, or pruned once its host has ended`,
  ),
  question: family(
    "A question to a host",
    `Removed when it is taken up; pruned after ${
      RETAINED_QUESTIONS_MS / 1_000
    } seconds`,
  ),
  question_head: family("The newest question to a host", "One for each host"),
  answer: family(
    "A part of a host's answer",
    `Removed when it is read; pruned after ${
      RETAINED_QUESTIONS_MS / 1_000
    } seconds`,
  ),
  answer_head: family(
    "The newest answer to a process",
    "One for each process that asks; pruned with its answers",
  ),
  journal_head: family(
    "Up to where the journal of an agent is mirrored, where there are several hosts",
    ofAgent,
  ),
  journal_row: family("Which ended segments of it are mirrored", ofAgent),
  journal_chunk: family(
    "A part of a mirrored segment",
    `As much as the journal has on its host's disk, and of ended segments the newest ${MAX_MIRRORED_SEGMENTS}; removed with the agent`,
  ),
} as const;
