import { AppError } from "../../core/errors.ts";
import type { IdFactory } from "../../core/ids.ts";
import { LatencyWindow } from "../../core/latency_window.ts";
import type { Clock, Timer } from "../../../actors/mod.ts";
import type { Addressee, HostMail, Question } from "../../store/host_port.ts";
import { type Answer, toError, toParts } from "./answers.ts";
import { PEER_ASK_MS, WITHDRAW_RETRY_MS, WITHDRAW_TRIES } from "./limits.ts";

/** Carries out what another process asks. */
export type Handler = (args: unknown) => Promise<unknown>;

/** What calls between processes work with. */
export interface PeerCallsOptions {
  /** Of this process: answers to it. */
  processId: string;
  /** Of this start of it: questions to it, if it is a host. */
  session: string;
  /** Who may be asked of a host now; null where it has ended. */
  sessionOf(hostId: string): string | null;
  mail: HostMail;
  clock: Clock;
  ids: IdFactory;
  onError(what: string, error: unknown): void;
}

interface Waiting {
  to: Addressee;
  resolve(value: unknown): void;
  reject(error: unknown): void;
  giveUp(why: string): void;
}

/** Nobody has carried out the question, and nobody will. */
export class NothingDone extends AppError {
  constructor(
    hostId: string,
    { why, method }: { why: string; method: string },
  ) {
    super(
      "HOST_UNREACHABLE",
      `The host "${hostId}" ${why}: nothing of "${method}" was done; send it again`,
      { status: 503 },
    );
  }
}

/**
 * Questions to other processes over the store, and answers to theirs. A
 * question goes to one start of a host and is carried out at most once. One that
 * is waited for in vain is taken back; where it was taken up before, it is not
 * known whether it was carried out, as with any request whose answer is lost.
 */
export class PeerCalls {
  readonly #options: PeerCallsOptions;
  readonly #handlers = new Map<string, Handler>();
  readonly #waiting = new Map<string, Waiting>();
  /** Times from a question to its answer; those without one are left out. */
  readonly roundTrips: LatencyWindow;
  #watch: { close(): Promise<void> } | null = null;
  #isLooking = false;
  #isLookWanted = false;
  #takesQuestions = false;
  /** Questions that are still to be taken back. */
  readonly #retries = new Set<Timer>();
  #isClosed = false;

  constructor(options: PeerCallsOptions) {
    this.#options = options;
    this.roundTrips = new LatencyWindow(() => options.clock.monotonicMs());
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
   * @throws {AppError} What the host refused with, NothingDone, or
   * HOST_UNREACHABLE where it is not known whether it was done.
   */
  async call(
    hostId: string,
    { method, args }: { method: string; args: unknown },
  ): Promise<unknown> {
    const { clock, ids, processId, sessionOf } = this.#options;
    const session = sessionOf(hostId);
    if (session === null) {
      throw new NothingDone(hostId, { why: "is not there", method });
    }
    const to = { hostId, session };
    const at = clock.nowMs();
    const question = { id: ids("ask"), from: processId, method, args, at };
    const askedMs = clock.monotonicMs();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    // It may be rejected while the question is still being sent, when nobody waits for it yet.
    promise.catch(() => {});
    let isGivenUp = false;
    const giveUp = (why: string) => {
      // A second try would find nothing to take back, and know less.
      if (isGivenUp) return;
      isGivenUp = true;
      this.#takeBack(to, { question, why }).then(reject, reject);
    };
    this.#waiting.set(question.id, { to, resolve, reject, giveUp });
    const timer = clock.after(
      PEER_ASK_MS,
      () => giveUp(`did not answer within ${PEER_ASK_MS / 1_000} s`),
    );
    try {
      await this.#send(to, question);
      const answer = await promise;
      this.roundTrips.record(clock.monotonicMs() - askedMs);
      return answer;
    } finally {
      timer.cancel();
      this.#waiting.delete(question.id);
    }
  }

  /** Gives up what was asked of starts of hosts that have ended since. */
  giveUpEnded(): void {
    for (const { to, giveUp } of this.#waiting.values()) {
      if (this.#options.sessionOf(to.hostId) === to.session) continue;
      giveUp("has ended before it answered");
    }
  }

  /** Sends a question. @throws {AppError} NothingDone, or HOST_UNREACHABLE where that is unknown. */
  async #send(to: Addressee, question: Question): Promise<void> {
    try {
      await this.#options.mail.ask(to, question);
    } catch (error) {
      const isInDoubt = error instanceof AppError &&
        error.code === "STORE_UNAVAILABLE";
      if (!isInDoubt) throw error;
      const isBack = await this.#withdraw(to, question.id);
      // It was sent after all, and the host has taken it up: the answer is on its way.
      if (isBack === false) return;
      const why = "was not asked, because the store did not answer";
      const told = { why, method: question.method };
      throw isBack === null
        ? outcomeUnknown(to.hostId, told)
        : new NothingDone(to.hostId, told);
    }
  }

  /** Takes a question back; null where that is unknown. Then it is tried again: nobody waits for it any more. */
  async #withdraw(
    to: Addressee,
    id: string,
    triesLeft = WITHDRAW_TRIES,
  ): Promise<boolean | null> {
    try {
      return await this.#options.mail.withdraw(to, id);
    } catch {
      if (this.#isClosed || triesLeft === 0) return null;
      const timer = this.#options.clock.after(WITHDRAW_RETRY_MS, () => {
        this.#retries.delete(timer);
        void this.#withdraw(to, id, triesLeft - 1);
      });
      this.#retries.add(timer);
      return null;
    }
  }

  /** What whoever asked is told: that nothing was done, where that is certain. */
  async #takeBack(
    to: Addressee,
    { question: { id, method }, why }: { question: Question; why: string },
  ): Promise<AppError> {
    const isBack = await this.#withdraw(to, id);
    if (isBack === true) return new NothingDone(to.hostId, { why, method });
    // It may have been answered just now; then nobody hears of this.
    await this.#fetchAnswers().catch(() => {});
    return outcomeUnknown(to.hostId, { why, method });
  }

  /** Ends; what waits for an answer is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#retries) timer.cancel();
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
    const { mail, session, onError } = this.#options;
    const questions = await mail.take(session);
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

function outcomeUnknown(
  hostId: string,
  { why, method }: { why: string; method: string },
): AppError {
  return new AppError(
    "HOST_UNREACHABLE",
    `The host "${hostId}" ${why}: whether "${method}" was done is unknown; look at the state before it is sent again`,
    { status: 503, isOutcomeUnknown: true },
  );
}
