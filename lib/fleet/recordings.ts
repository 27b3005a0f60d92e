/**
 * Keeps what running agents record of their sessions, one file for each
 * incarnation. A disk that does not take it ends the recording, never the
 * agent.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { EDGE_BYTES } from "../backtest/recording/limits.ts";
import { hasEnd, readStartedAt } from "../backtest/recording/session_edges.ts";
import {
  footerLine,
  headLine,
  SessionTotals,
} from "../backtest/recording/session_lines.ts";
import type { RecordingInfo, RecordingReport } from "../contracts/recording.ts";
import { AppError } from "../core/errors.ts";
import type { FleetContext } from "./context.ts";
import { RECORDING_QUEUE_BYTES, RECORDINGS_PER_AGENT } from "./limits.ts";
import {
  createMemoryRecordings,
  nameOf,
  parseName,
  type RecordingFiles,
} from "./recording_files.ts";

/** A recording under way. */
interface Session {
  agentId: string;
  epoch: number;
  name: string;
  totals: SessionTotals;
  /** Nothing more of it is written. */
  hasFailed: boolean;
}

/** What keeps recordings needs of the fleet. */
type RecordingContext = Pick<
  FleetContext,
  "clock" | "agents" | "log" | "track"
>;

/** Recordings of all agents. */
export class Recordings {
  readonly #context: RecordingContext;
  readonly #files: RecordingFiles;
  readonly #sessions = new Map<string, Session>();
  /** Everything that is done to the files, in order. */
  #work: Promise<void> = Promise.resolve();
  #waitingBytes = 0;

  /** Without `files` they are kept in memory. */
  constructor(
    context: RecordingContext,
    files: RecordingFiles = createMemoryRecordings(),
  ) {
    this.#context = context;
    this.#files = files;
  }

  /** Takes a block that a worker sent. Never throws. */
  take(from: { id: string; epoch: number }, report: RecordingReport): void {
    const session = this.#sessionOf(from, report.isFirst);
    if (session === null || session.hasFailed) return;
    const bytes = this.#pack(session, report);
    if (report.end !== null) this.#sessions.delete(from.id);
    if (this.#waitingBytes + bytes.length > RECORDING_QUEUE_BYTES) {
      return this.#fail(session, "the disk does not keep up");
    }
    this.#waitingBytes += bytes.length;
    this.#enqueue(async () => {
      this.#waitingBytes -= bytes.length;
      if (session.hasFailed) return;
      try {
        if (report.isFirst) await this.#makeRoom(session);
        await this.#files.write(session.name, bytes, report.isFirst);
      } catch (error) {
        this.#fail(session, reasonOf(error));
      }
    }, "write a recording");
    const reason = report.end?.reason ?? null;
    if (reason !== null) this.#warn(session, `${reason}; the agent goes on`);
  }

  /** The recordings of an agent, newest first. */
  async list(agentId: string): Promise<readonly RecordingInfo[]> {
    const names = await this.#namesOf(agentId);
    const found = await Promise.all(names.map((name) => this.#describe(name)));
    return found.filter((info) => info !== null).sort(newestFirst);
  }

  /**
   * The content of a recording.
   *
   * @throws {AppError} RECORDING_NOT_FOUND if the agent has none of this name.
   */
  async open(
    agentId: string,
    name: string,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const opened = parseName(name)?.agentId === agentId
      ? await this.#files.open(name)
      : null;
    if (opened !== null) return opened;
    throw new AppError(
      "RECORDING_NOT_FOUND",
      `The agent has no recording "${
        name.slice(0, 80)
      }"; GET /api/agents/{id}/recordings lists them`,
    );
  }

  /** Removes all recordings of an agent that is deleted. */
  forget(agentId: string): void {
    this.#sessions.delete(agentId);
    this.#enqueue(async () => {
      await this.#removeAll(await this.#namesOf(agentId));
    }, `remove the recordings of ${agentId}`);
  }

  /** Removes recordings of agents that are not there: the process may have ended between the two steps of a deletion. */
  forgetOthers(): void {
    this.#enqueue(async () => {
      const files = await this.#files.list();
      await this.#removeAll(files.filter((name) => {
        const id = parseName(name)?.agentId;
        return id !== undefined && this.#context.agents.find(id) === undefined;
      }));
    }, "remove recordings of deleted agents");
  }

  #sessionOf(
    { id, epoch }: { id: string; epoch: number },
    isFirst: boolean,
  ): Session | null {
    const before = this.#sessions.get(id);
    // What an older incarnation still sends is not of this recording.
    if (isFirst && (before === undefined || before.epoch < epoch)) {
      this.#sessions.set(id, {
        agentId: id,
        epoch,
        name: nameOf(id, epoch),
        totals: new SessionTotals(),
        hasFailed: false,
      });
    }
    const session = this.#sessions.get(id);
    return session?.epoch === epoch ? session : null;
  }

  /** First and last line are blocks of their own, so that they are found without reading all. */
  #pack(session: Session, report: RecordingReport): Uint8Array<ArrayBuffer> {
    const { totals } = session;
    totals.add(report);
    const texts = [
      report.isFirst
        ? headLine(report.behavior, this.#context.clock.nowMs())
        : "",
      report.lines,
      report.end === null ? "" : footerLine(totals.end(report.end.reason)),
    ].filter((text) => text !== "");
    return new Uint8Array(Buffer.concat(texts.map((text) => gzipSync(text))));
  }

  async #makeRoom({ agentId }: Session): Promise<void> {
    const oldest = (await this.list(agentId)).slice(RECORDINGS_PER_AGENT - 1);
    await this.#removeAll(oldest.map(({ name }) => name));
  }

  async #namesOf(agentId: string): Promise<string[]> {
    return (await this.#files.list()).filter((name) =>
      parseName(name)?.agentId === agentId
    );
  }

  async #removeAll(names: readonly string[]): Promise<void> {
    await Promise.all(names.map((name) => this.#files.remove(name)));
  }

  async #describe(name: string): Promise<RecordingInfo | null> {
    const edges = await this.#files.edges(name, EDGE_BYTES);
    // Removed since it was listed.
    if (edges === null) return null;
    return {
      name,
      epoch: parseName(name)!.epoch,
      bytes: edges.bytes,
      startedAt: readStartedAt(edges.first),
      isWhole: hasEnd(edges.last),
    };
  }

  #enqueue(work: () => Promise<void>, what: string): void {
    const done = this.#work.then(work);
    this.#work = done.catch(() => {});
    this.#context.track(done, what);
  }

  #fail(session: Session, why: string): void {
    if (session.hasFailed) return;
    session.hasFailed = true;
    this.#warn(session, `It cannot be written: ${why}; the agent goes on`);
  }

  #warn({ agentId, name }: Session, what: string): void {
    const entry = this.#context.agents.find(agentId);
    if (entry === undefined) return;
    this.#context.log({
      level: "warning",
      category: "system",
      agentId,
      agentName: entry.record.config.name,
      message: `The recording ${name} has ended. ${what}`,
      at: this.#context.clock.nowMs(),
      marketAt: null,
    });
  }
}

/** By time: a restored backup makes the numbers of incarnations begin lower. */
function newestFirst(a: RecordingInfo, b: RecordingInfo): number {
  return (b.startedAt ?? 0) - (a.startedAt ?? 0) || b.epoch - a.epoch;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
