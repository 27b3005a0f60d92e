/** Keys of several hosts over one store; part of keys.ts. */
export const hostKeys = {
  /** `{v, host}`: a host and its last sign of life. */
  host: (id: string): Deno.KvKey => ["host", id],
  hosts: (): Deno.KvKey => ["host"],
  /** `{v, session}`: there for as long as that start of the host may own agents. */
  hostSession: (id: string): Deno.KvKey => ["host_session", id],
  hostSessions: (): Deno.KvKey => ["host_session"],
  /** `{v, by}`: a person wants the host to give its agents away and end. */
  hostDrain: (id: string): Deno.KvKey => ["host_drain", id],
  hostDrains: (): Deno.KvKey => ["host_drain"],
  /** `{v, owner}`: which start of which host owns an agent. */
  owner: (agentId: string): Deno.KvKey => ["owner", agentId],
  owners: (): Deno.KvKey => ["owner"],
  /** `{v, question}`: something that a start of a host is asked. */
  question: (session: string, id: string): Deno.KvKey => [
    "question",
    session,
    id,
  ],
  questionsTo: (session: string): Deno.KvKey => ["question", session],
  questions: (): Deno.KvKey => ["question"],
  /** `{v, id}`: the newest question to a host. Watched by it. */
  questionHead: (hostId: string): Deno.KvKey => ["question_head", hostId],
  /** `{v, at, of, bytes}`: a part of an answer; part 0 is written last. */
  answer: (
    askerId: string,
    { id, part }: { id: string; part: number },
  ): Deno.KvKey => ["answer", askerId, id, part],
  answerOf: (askerId: string, id: string): Deno.KvKey => [
    "answer",
    askerId,
    id,
  ],
  answers: (): Deno.KvKey => ["answer"],
  /** `{v, id}`: the newest answer to somebody who asked. Watched by it. */
  answerHead: (askerId: string): Deno.KvKey => ["answer_head", askerId],
  /** `{v, writer, newest}`: the mirror of an agent's journal. Every change of it checks this. */
  journalHead: (id: string): Deno.KvKey => ["journal_head", id],
  /** `{v, ended}`: its segments that have ended. */
  journalRow: (id: string): Deno.KvKey => ["journal_row", id],
  /** `{v, bytes}`. */
  journalChunk: (
    id: string,
    { slot, chunk }: { slot: string; chunk: number },
  ): Deno.KvKey => [...hostKeys.journalChunks(id), slot, chunk],
  journalSlot: (id: string, slot: string): Deno.KvKey => [
    ...hostKeys.journalChunks(id),
    slot,
  ],
  journalChunks: (id: string): Deno.KvKey => ["journal_chunk", id],
} as const;
