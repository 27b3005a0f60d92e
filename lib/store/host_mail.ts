import { Buffer } from "node:buffer";
import { deserialize } from "node:v8";
import { AppError } from "../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import { toChunks } from "./events/projections.ts";
import type { Addressee, HostMail, Question } from "./host_port.ts";
import type { GuardedKv } from "./kv/guarded_kv.ts";
import { keys } from "./keys.ts";
import {
  CHANGE_ATTEMPTS,
  HEAD_POLL_FAST_MS,
  LIST_BATCH,
  MAX_ANSWER_PARTS,
  MAX_VALUE_BYTES,
} from "./limits.ts";

interface AnswerPart {
  v: 1;
  at: number;
  /** Parts of the whole answer. */
  of: number;
  bytes: Uint8Array;
}

/**
 * Questions and answers as entries of the store, which every process reaches.
 * A question is removed by the commit that takes it up, so that it is carried
 * out at most once; whether it was is unknown to an asker who gets no answer.
 */
export class KvHostMail implements HostMail {
  readonly #kv: GuardedKv;
  readonly #time: TimeSource;

  constructor(options: { kv: GuardedKv; time: TimeSource }) {
    this.#kv = options.kv;
    this.#time = options.time;
  }

  async ask(
    { hostId, session }: Addressee,
    question: Question,
  ): Promise<void> {
    await this.#kv.commit({
      sets: [
        {
          key: keys.question(session, question.id),
          value: { v: 1, question },
        },
        {
          key: keys.questionHead(hostId),
          value: { v: 1, id: question.id },
        },
      ],
    }, askOpId(question.id));
  }

  async take(session: string): Promise<readonly Question[]> {
    const waiting = await this.#kv.list<{ question: Question }>(
      { prefix: keys.questionsTo(session) },
      { limit: LIST_BATCH },
    );
    const taken = await Promise.all(
      waiting.map(async ({ key, versionstamp, value }) => {
        const outcome = await this.#kv.commit({
          checks: [{ key, versionstamp }],
          deletes: [key],
          isFenced: true,
        });
        return outcome.ok ? [value.question] : [];
      }),
    );
    return taken.flat();
  }

  async withdraw(
    { session }: Addressee,
    questionId: string,
  ): Promise<boolean> {
    const key = keys.question(session, questionId);
    const asked = keys.op(askOpId(questionId));
    // It may be sent, and then be taken up, between a look and its commit.
    for (let attempt = 0; attempt < CHANGE_ATTEMPTS; attempt++) {
      // deno-lint-ignore no-await-in-loop -- attempts follow each other
      const [op, question] = await this.#kv.getMany([asked, key]);
      const isSent = op!.versionstamp !== null;
      if (isSent && question!.versionstamp === null) return false;
      // deno-lint-ignore no-await-in-loop -- as above
      const { ok } = await this.#kv.commit({
        checks: [
          { key: asked, versionstamp: op!.versionstamp },
          { key, versionstamp: question!.versionstamp },
        ],
        // What is still on its way counts as done, and is refused when it comes.
        sets: isSent ? [] : [{ key: asked, value: { v: 1 } }],
        deletes: [key],
      });
      if (ok) return true;
    }
    return false;
  }

  async answer({ from, id }: Question, value: unknown): Promise<void> {
    const parts = toChunks(value, MAX_VALUE_BYTES);
    if (parts.length > MAX_ANSWER_PARTS) {
      throw new AppError(
        "STORE_VALUE_TOO_LARGE",
        `An answer to another process takes ${parts.length} parts, more than ${MAX_ANSWER_PARTS}; ask for less at once`,
        { status: 422 },
      );
    }
    const at = this.#time.nowMs();
    const sets = parts.map((bytes, part) => ({
      key: keys.answer(from, { id, part }),
      value: { v: 1, at, of: parts.length, bytes } satisfies AnswerPart,
    }));
    const [first, ...others] = sets;
    for (let start = 0; start < others.length; start += PARTS_PER_COMMIT) {
      // deno-lint-ignore no-await-in-loop -- parts are many bytes, one commit at a time
      await this.#kv.commit({
        sets: others.slice(start, start + PARTS_PER_COMMIT),
      });
    }
    await this.#kv.commit({
      sets: [first!, { key: keys.answerHead(from), value: { v: 1, id } }],
    });
  }

  async fetch(
    askerId: string,
    id: string,
  ): Promise<{ found: boolean; value: unknown }> {
    const parts = await this.#kv.list<AnswerPart>(
      { prefix: keys.answerOf(askerId, id) },
      { limit: MAX_ANSWER_PARTS },
    );
    // Part 0 is written last: with it all are there.
    if (parts[0]?.key.at(-1) !== 0 || parts.length < parts[0].value.of) {
      return { found: false, value: null };
    }
    await this.#kv.commit({ deletes: parts.map(({ key }) => key) });
    const whole = Buffer.concat(parts.map(({ value }) => value.bytes));
    return { found: true, value: deserialize(whole) };
  }

  watch(
    processId: string,
    onMail: () => void,
  ): { close(): Promise<void> } {
    const watch = new MailWatch({
      kv: this.#kv,
      time: this.#time,
      watched: [keys.questionHead(processId), keys.answerHead(processId)],
      onMail,
    });
    watch.start();
    return watch;
  }
}

/** Parts of an answer in one commit: full ones stay below its limit of bytes. */
const PARTS_PER_COMMIT = 10;

/** The op id of the commit that sends a question: with it stored, no late attempt sends it any more. */
function askOpId(questionId: string): string {
  return questionId.replace(/^[^_]*_/, "op_");
}

interface MailWatchOptions {
  kv: GuardedKv;
  time: TimeSource;
  watched: readonly Deno.KvKey[];
  onMail: () => void;
}

/** A watch, and a look now and then, because a watch over a half-open link stalls without an error. */
class MailWatch {
  readonly #options: MailWatchOptions;
  #reader: ReadableStreamDefaultReader<unknown> | null = null;
  #watching: Promise<void> = Promise.resolve();
  #timer: TimeSourceTimer | null = null;
  #isClosed = false;

  constructor(options: MailWatchOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isClosed) return;
    if (this.#reader === null) this.#watching = this.#watch();
    this.#timer = this.#options.time.after(HEAD_POLL_FAST_MS, () => {
      this.#options.onMail();
      this.start();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await this.#reader?.cancel().catch(() => {});
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { kv, watched, onMail } = this.#options;
    try {
      const reader = kv.watch(watched).getReader();
      this.#reader = reader;
      for (;;) {
        // deno-lint-ignore no-await-in-loop -- changes come one after another
        const { done } = await reader.read();
        if (done || this.#isClosed) break;
        onMail();
      }
    } catch {
      // The next look opens another one.
    }
    this.#reader = null;
  }
}
