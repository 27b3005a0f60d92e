import type { AuditEntry } from "../contracts/audit.ts";
import type {
  AgentOwner,
  HostRecord,
  KnownHost,
  KnownOwner,
} from "../contracts/host.ts";

/** What an agent's taking rests on; all of it is checked by the commit that takes it. */
export interface Claim {
  owner: AgentOwner;
  /** Who owned it last, as it was read; null for nobody. Another session of theirs must have ended. */
  before: KnownOwner | null;
  /** The agent that leads its unit, where that is another one: it must be owned by the same start. */
  leader: KnownOwner | null;
  /** A new one, which is stored only once it is taken; of any other the record must be there. */
  isNew: boolean;
}

/** Hosts, who owns which agent, and what hosts ask each other. */
export interface HostStore {
  /** Lets a start of this host own agents, and every earlier one no more. `onLost` is told when another process ends it. */
  enter(record: HostRecord, options: { onLost: () => void }): Promise<void>;
  /** A sign of life. @throws {AppError} STORE_FENCED where the session was ended by others. */
  beat(record: HostRecord): Promise<void>;
  /** Ends this start's session: whatever it still owns may be taken. */
  leave(record: HostRecord): Promise<void>;
  list(): Promise<readonly KnownHost[]>;
  /** Ends the session of a host that is taken for dead. @returns false if it is not the session that was seen any more. */
  end(host: KnownHost): Promise<boolean>;
  owners(): Promise<readonly KnownOwner[]>;
  /** Takes an agent. @returns null if somebody else was faster, who owned it last still may, or it was removed. */
  claim(claim: Claim): Promise<KnownOwner | null>;
  /** Gives an agent back that is not stored; nothing where it is, or somebody else has it. */
  release(known: KnownOwner): Promise<void>;
  /** Asks a host to give its agents away and end. */
  wishDrain(hostId: string, audit: AuditEntry): Promise<void>;
  /** Gives up a host for good: what it owned, agents with money included, may be taken. */
  forget(host: KnownHost, audit: AuditEntry): Promise<void>;
  /** Removes hosts that ended long ago, what they owned and nobody stored, and questions and answers that nobody fetched. */
  prune(): Promise<void>;
}

/** What a process asks another one. */
export interface Question {
  id: string;
  /** Who is told the answer. */
  from: string;
  /** What is asked, by name. */
  method: string;
  /** Anything that can be serialized; at most one entry's worth. */
  args: unknown;
  at: number;
}

/** Who is asked: a start of a host, for the next one may own other agents. */
export interface Addressee {
  hostId: string;
  session: string;
}

/** Letters between the processes over one store. */
export interface HostMail {
  /** Sends a question. Where that fails it may be there all the same, or in a moment, until it is withdrawn. */
  ask(to: Addressee, question: Question): Promise<void>;
  /** Takes the questions to a start of a host: each is given to one taker once, and to none whose session has ended. */
  take(session: string): Promise<readonly Question[]>;
  /** Takes a question back, sent or still on its way, so that nobody carries it out; false where it was taken up. */
  withdraw(to: Addressee, questionId: string): Promise<boolean>;
  answer(question: Question, value: unknown): Promise<void>;
  /** An answer that was given, and removes it; `found` is false where there is none yet. */
  fetch(
    askerId: string,
    id: string,
  ): Promise<{ found: boolean; value: unknown }>;
  /** Calls back when something may have come for a process; also now and then without. */
  watch(
    processId: string,
    onMail: () => void,
  ): { close(): Promise<void> };
}
