import type { AlertDelivery } from "../contracts/alerts/delivery.ts";
import type { ChannelHealth } from "../contracts/alerts/channel.ts";
import { AppError } from "../core/errors.ts";
import type { TimeSource, TimeSourceTimer } from "../core/time.ts";
import { afterAttempt } from "./channel_health.ts";
import { failedFor, refusedFor, type SendOutcome } from "./delivery/outcome.ts";
import { UNDER_WAY_MAX } from "./limits.ts";
import { retryDelayMs } from "./retry.ts";
import type { AlertState } from "./state.ts";

/** A clock may be set back meanwhile: nobody sleeps longer than this. */
const SLEEP_MAX_MS = 60_000;

/** What the sender works with. */
export interface SenderOptions {
  state: AlertState;
  time: TimeSource;
  /** From 0 to below 1. */
  random: () => number;
  /** One attempt; never rejects. */
  attempt(delivery: AlertDelivery): Promise<SendOutcome>;
  /** A channel has begun to fail. */
  onFailing(health: ChannelHealth): void;
  onError: (what: string, error: unknown) => void;
}

/** Sends what is due, one message of a channel at a time, and keeps what became of it. */
export class AlertSender {
  readonly #options: SenderOptions;
  readonly #running = new Set<Promise<void>>();
  #timer: TimeSourceTimer | null = null;
  #isClosed = false;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends what is due, and sleeps until the next message is. */
  pump(): void {
    if (this.#isClosed) return;
    void this.#options.state.inTurn(() => {
      this.#pumpNow();
      return Promise.resolve();
    });
  }

  /** One attempt at once, without another. Resolves with what became of the message. */
  async sendTest(delivery: AlertDelivery): Promise<AlertDelivery> {
    const { state, time } = this.#options;
    await state.inTurn(async () => {
      await state.commit({ deliveries: [delivery] });
      state.outbox.put(delivery);
      state.outbox.begin(delivery, time.nowMs());
    });
    return await this.#carry(delivery);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    await Promise.all(this.#running);
  }

  #pumpNow(): void {
    const { state: { outbox }, time } = this.#options;
    if (this.#isClosed) return;
    const now = time.nowMs();
    for (const delivery of outbox.due(now)) {
      if (outbox.underWay >= UNDER_WAY_MAX) break;
      outbox.begin(delivery, now);
      const running = this.#carry(delivery).then(() => {});
      this.#running.add(running);
      void running.finally(() => this.#running.delete(running));
    }
    this.#timer?.cancel();
    // Whoever comes back pumps again.
    const next = outbox.underWay >= UNDER_WAY_MAX ? null : outbox.nextDueAt();
    if (next === null) return;
    const delayMs = Math.min(SLEEP_MAX_MS, Math.max(0, next - now));
    this.#timer = time.after(delayMs, () => this.pump());
  }

  async #carry(delivery: AlertDelivery): Promise<AlertDelivery> {
    const { state, attempt } = this.#options;
    const outcome = await attempt(delivery).catch(outcomeOfError);
    // What did not go out because the server ends is no failure: it goes out after the next start.
    if (this.#isClosed && !outcome.ok) return delivery;
    const settled = await state.inTurn(() => this.#settle(delivery, outcome));
    this.pump();
    return settled;
  }

  async #settle(
    delivery: AlertDelivery,
    outcome: SendOutcome,
  ): Promise<AlertDelivery> {
    const { state, time, random, onFailing, onError } = this.#options;
    const at = time.nowMs();
    const { channelId } = delivery;
    state.outbox.end(delivery);
    const settled = afterOutcome(delivery, outcome, { at, random: random() });
    // The channel was forgotten meanwhile, with all that is known of it.
    if (!state.channels.has(channelId)) return settled;
    state.outbox.put(settled);
    const before = state.health(channelId);
    const isEnded = settled.state !== "waiting";
    const health = afterAttempt(before, outcome, { at, isEnded });
    state.setHealth(health);
    const old = state.outbox.takeOldEnded(channelId).map(({ id }) => id);
    try {
      await state.keep({
        deliveries: old.includes(settled.id) ? [] : [settled],
        removed: old,
        healthsOf: [channelId],
      });
    } catch (error) {
      // After a crash it goes out once more, under the same id.
      onError("store what became of an alert", error);
    }
    if (settled.state === "delivered") state.counts.delivered++;
    if (settled.state === "failed") state.counts.failed++;
    if (before.failingSince === null && health.failingSince !== null) {
      onFailing(health);
    }
    return settled;
  }
}

/** A secret that cannot be opened stays so; a store that does not answer may be well soon. */
function outcomeOfError(error: unknown): SendOutcome {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof AppError && error.code === "SECRET_UNREADABLE"
    ? refusedFor(message)
    : failedFor(message);
}

/** What a message is after an attempt. */
function afterOutcome(
  delivery: AlertDelivery,
  outcome: SendOutcome,
  { at, random }: { at: number; random: number },
): AlertDelivery {
  const attempts = delivery.attempts + 1;
  const tried = { ...delivery, attempts, lastAttemptAt: at };
  const ended = { nextAttemptAt: null, endedAt: at };
  if (outcome.ok) {
    return { ...tried, ...ended, state: "delivered", lastError: null };
  }
  const { error: lastError } = outcome;
  // A person waits for a test: it is not tried again behind their back.
  const delayMs = delivery.kind === "test"
    ? null
    : retryDelayMs(outcome, { attempts, random });
  return delayMs === null
    ? { ...tried, ...ended, state: "failed", lastError }
    : { ...tried, lastError, nextAttemptAt: at + delayMs };
}
