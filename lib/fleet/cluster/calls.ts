import { AppError } from "../../core/errors.ts";
import { LatencyHistogram } from "../../core/histogram.ts";
import type { IdFactory } from "../../core/ids.ts";
import type { Clock } from "../../../actors/mod.ts";
import type { HostMail, Question } from "../../store/host_port.ts";
import { PEER_ASK_MS } from "./limits.ts";

/** Carries out what another process asks. */
export type Handler = (args: unknown) => Promise<unknown>;

/** What calls between processes work with. */
export interface PeerCallsOptions {
  /** Of this process: answers to it, and questions if it is a host. */
  processId: string;
  mail: HostMail;
  clock: Clock;
  ids: IdFactory;
  onError(what: string, error: unknown): void;
}

/** What became of a question. */
type Answer = { ok: true; value: unknown } | { ok: false; error: ErrorParts };

interface ErrorParts {
  code: string;
  message: string;
  status: number;
  errors: AppError["errors"];
  /** What some refusals tell besides, such as the use of a quota. */
  told: unknown;
  isOutcomeUnknown: boolean;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/**
 * Questions to other processes over the store, and answers to theirs. A
 * question is carried out at most once; without an answer it is not known
 * whether it was, as with any request whose answer is lost.
 */
export class PeerCalls {
  readonly #options: PeerCallsOptions;
  readonly #handlers = new Map<string, Handler>();
  readonly #waiting = new Map<string, Waiting>();
  /** Times from a question to its answer; those without one are left out. */
  readonly roundTrips = new LatencyHistogram();
  #watch: { close(): Promise<void> } | null = null;
  #isLooking = false;
  #isLookWanted = false;
  #takesQuestions = false;

  constructor(options: PeerCallsOptions) {
    this.#options = options;
  }

  /** What this process carries out for others. */
  handle(method: string, handler: Handler): void {
    this.#handlers.set(method, handler);
  }

  /** Listens for mail; a host also takes questions. */
  start(options: { takesQuestions: boolean }): void {
    this.#takesQuestions = options.takesQuestions;
    const { mail, processId } = this.#options;
    this.#watch = mail.watch(processId, () => void this.#look());
  }

  /**
   * Asks a host and waits for its answer.
   *
   * @throws {AppError} What the host refused with, or HOST_UNREACHABLE.
   */
  async call(
    hostId: string,
    { method, args }: { method: string; args: unknown },
  ): Promise<unknown> {
    const { clock, ids, mail, processId } = this.#options;
    const question: Question = {
      id: ids("ask"),
      from: processId,
      method,
      args,
      at: clock.nowMs(),
    };
    const askedMs = clock.monotonicMs();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(question.id, { resolve, reject });
    const timer = clock.after(
      PEER_ASK_MS,
      () => reject(unreachable(hostId, method)),
    );
    try {
      await mail.ask(hostId, question);
      const answer = await promise;
      this.roundTrips.record(clock.monotonicMs() - askedMs);
      return answer;
    } finally {
      timer.cancel();
      this.#waiting.delete(question.id);
    }
  }

  /** Ends; what waits for an answer is refused. */
  async close(): Promise<void> {
    await this.#watch?.close();
    for (const { reject } of this.#waiting.values()) {
      reject(
        new AppError("SERVER_DRAINING", "The server is shutting down", {
          status: 503,
        }),
      );
    }
  }

  /** One look at a time; what comes meanwhile is another one. */
  async #look(): Promise<void> {
    if (this.#isLooking) {
      this.#isLookWanted = true;
      return;
    }
    this.#isLooking = true;
    try {
      do {
        this.#isLookWanted = false;
        // deno-lint-ignore no-await-in-loop -- one look after the other
        await Promise.all([this.#takeQuestions(), this.#fetchAnswers()]);
      } while (this.#isLookWanted);
    } catch {
      // The store's health tells of the failure; the next look tries again.
    } finally {
      this.#isLooking = false;
    }
  }

  async #fetchAnswers(): Promise<void> {
    const { mail, processId } = this.#options;
    await Promise.all(
      [...this.#waiting].map(async ([id, { resolve, reject }]) => {
        const { found, value } = await mail.fetch(processId, id);
        if (!found) return;
        const answer = value as Answer;
        if (answer.ok) resolve(answer.value);
        else reject(toError(answer.error));
      }),
    );
  }

  async #takeQuestions(): Promise<void> {
    if (!this.#takesQuestions) return;
    const { mail, processId, onError } = this.#options;
    const questions = await mail.take(processId);
    for (const question of questions) {
      // Not waited for: one that takes long must not hold up the others.
      this.#carryOut(question).catch((error) =>
        onError(`answer "${question.method}" of ${question.from}`, error)
      );
    }
  }

  async #carryOut(question: Question): Promise<void> {
    const { mail } = this.#options;
    await mail.answer(question, await this.#answerTo(question))
      .catch((error) => {
        const told: Answer = { ok: false, error: toParts(error) };
        return mail.answer(question, told);
      });
  }

  async #answerTo({ method, args }: Question): Promise<Answer> {
    const handler = this.#handlers.get(method);
    try {
      if (handler === undefined) {
        throw new AppError(
          "HOST_UNREACHABLE",
          `This host does not know "${method}": all hosts must run the same version`,
          { status: 503 },
        );
      }
      return { ok: true, value: await handler(args) };
    } catch (error) {
      return { ok: false, error: toParts(error) };
    }
  }
}

function unreachable(hostId: string, method: string): AppError {
  return new AppError(
    "HOST_UNREACHABLE",
    `The host "${hostId}" did not answer to "${method}" within ${
      PEER_ASK_MS / 1_000
    } s: whether it was done is unknown; look at the state before it is sent again`,
    { status: 503, isOutcomeUnknown: true },
  );
}

function toParts(error: unknown): ErrorParts {
  if (error instanceof AppError) {
    const { code, message, status, errors, cause, isOutcomeUnknown } = error;
    const told = cause instanceof Error ? null : cause ?? null;
    return { code, message, status, errors, told, isOutcomeUnknown };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: "INTERNAL",
    message,
    status: 500,
    errors: [],
    told: null,
    isOutcomeUnknown: false,
  };
}

function toError(
  { code, message, status, errors, told, isOutcomeUnknown }: ErrorParts,
): AppError {
  return new AppError(code, message, {
    status,
    errors,
    isOutcomeUnknown,
    ...(told === null ? {} : { cause: told }),
  });
}
