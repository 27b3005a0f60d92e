import { DENIAL_CAUSES, type RefusalCause } from "../../contracts/order.ts";
import type { VenueOrderRequest } from "../../contracts/venue.ts";
import { assertNever } from "../../core/assert.ts";
import {
  type BudgetLane,
  type CreateOutcome,
  VenueError,
} from "../../exchange/gateway/port.ts";
import {
  CREATE_DEADLINE_MS,
  ENTRY_QUEUE_MS,
  EXIT_UNREAD_MS,
  QUEUE_RETRY_MS,
} from "./limits.ts";
import { OrderSeeker } from "./order_seeker.ts";
import { OrderWithdrawer } from "./order_withdrawer.ts";
import type { VenueCommand, WorkingOrder } from "./port.ts";
import { findWorking, type VenueAccount } from "./venue_account.ts";

/**
 * Carries out an account's commands. An order is handed to the gateway in the
 * turn in which it is commanded, and once; whatever comes of it is a report of a
 * later turn, so that the account is never called while it decides.
 */
export class OrderCourier {
  readonly #account: VenueAccount;
  readonly #queued = new Set<string>();
  readonly seeker: OrderSeeker;
  readonly withdrawer: OrderWithdrawer;

  constructor(account: VenueAccount) {
    this.#account = account;
    this.seeker = new OrderSeeker(account);
    this.withdrawer = new OrderWithdrawer(account);
  }

  send(command: VenueCommand): void {
    switch (command.type) {
      case "create":
        return this.#create(command.orderId, command.request);
      case "queue":
        return void this.#queue(command.orderId, command.lane);
      case "cancel":
        return this.withdrawer.start(command.orderId);
      case "resolve":
        return this.seeker.resolve(command.orderId);
      case "fetchTrades":
        return this.seeker.fetchTrades(command.orderId);
      case "syncIds":
        return void this.#syncIds(command.to);
      default:
        return assertNever(command, "venue command");
    }
  }

  /** Takes up what nobody is about: after a recovery, and where a command was lost on the way. */
  takeUp(working: readonly WorkingOrder[]): void {
    for (const { order: { orderId, role }, phase, cancel } of working) {
      if (phase === "queued") {
        const isDue = cancel === null && !this.#account.side.isHeld(orderId);
        if (isDue) void this.#queue(orderId, LANES[role]);
        continue;
      }
      if (cancel !== null) this.withdrawer.start(orderId);
      if (this.#account.touches.isFresh(orderId)) continue;
      if (phase === "settling") this.seeker.fetchTrades(orderId);
      else if (phase !== "open") this.seeker.resolve(orderId);
    }
  }

  #create(orderId: string, request: VenueOrderRequest): void {
    const account = this.#account;
    const { clock, venue, touches, journal } = account;
    touches.touch(orderId);
    this.seeker.sent(orderId);
    const working = findWorking(account, orderId);
    if (journal.isFailing() && working?.order.role === "entry") {
      return void Promise.resolve(NOT_WRITTEN).then((outcome) =>
        this.#answer(orderId, outcome)
      );
    }
    account.ordersLastMinute.count();
    account.requests.count();
    let isAnswered = false;
    const late = clock.after(CREATE_DEADLINE_MS, () => {
      isAnswered = true;
      this.#answer(orderId, lost("No answer came in time"));
    });
    let sending: Promise<CreateOutcome>;
    const probe = working?.order.role === "entry" ? account.wire : undefined;
    const startMs = clock.monotonicMs();
    try {
      sending = venue.gateway.create(request);
      probe?.sent(startMs);
    } catch (cause) {
      sending = Promise.reject(cause);
    }
    void sending.catch((cause) => lost(`The call failed: ${cause}`)).then(
      (outcome) => {
        late.cancel();
        probe?.answered(startMs);
        // An answer that comes too late says no more than the search; a good one does.
        if (!isAnswered || outcome.kind !== "unknown") {
          this.#answer(orderId, outcome);
        }
      },
    );
  }

  #answer(orderId: string, outcome: CreateOutcome): void {
    const { health, owners } = this.#account;
    if (outcome.kind === "accepted") {
      health.succeeded("create");
      const { venueOrderId, clientOrderId } = outcome.order;
      if (clientOrderId !== null) owners.learn(venueOrderId, clientOrderId);
    } else if (outcome.kind === "unknown") {
      health.failed("create", {
        kind: "unknown",
        retryAfterMs: null,
        message: outcome.detail,
      });
    } else if (outcome !== NOT_WRITTEN) {
      health.failed("create", {
        kind: outcome.errorKind,
        retryAfterMs: outcome.retryAfterMs,
        message: outcome.detail,
      });
    }
    const role = findWorking(this.#account, orderId)?.order.role;
    this.#account.report({ type: "outcome", orderId, outcome });
    // An exit that the venue refuses is one that the books are wrong about.
    if (outcome.kind === "rejected" && role !== "entry") this.#account.hurry();
  }

  async #queue(orderId: string, lane: BudgetLane): Promise<void> {
    if (this.#queued.has(orderId)) return;
    this.#queued.add(orderId);
    const isEntry = lane === "entry";
    const { budget, venue, sleeper, firstRead, profile } = this.#account;
    await (profile.market === "spot" ? firstRead.wait() : Promise.race([
      firstRead.wait(),
      sleeper.sleep(EXIT_UNREAD_MS),
    ]));
    for (let isFree = false; !isFree;) {
      try {
        // deno-lint-ignore no-await-in-loop -- it waits for its turn
        await budget.take(
          lane,
          venue.costOf("create"),
          isEntry ? { deadlineMs: ENTRY_QUEUE_MS } : {},
        );
        isFree = true;
      } catch (error) {
        if (!(error instanceof VenueError)) throw error;
        if (isEntry) {
          this.#queued.delete(orderId);
          const why = `It waited too long: ${error.message}`;
          return this.#drop(orderId, why, "rate");
        }
        // deno-lint-ignore no-await-in-loop -- as above
        await sleeper.sleep(QUEUE_RETRY_MS);
      }
      if (!this.#isQueued(orderId)) isFree = true;
    }
    this.#queued.delete(orderId);
    this.#release(orderId, { isEntry });
  }

  #release(orderId: string, { isEntry }: { isEntry: boolean }): void {
    const account = this.#account;
    const working = findWorking(account, orderId);
    if (account.isClosed || working?.phase !== "queued") return;
    if (working.cancel !== null) {
      return this.#drop(orderId, working.cancel.reason);
    }
    const block = isEntry ? account.entryBlock() : null;
    if (block !== null) {
      return this.#drop(orderId, block.detail, DENIAL_CAUSES[block.code]);
    }
    account.side.release(orderId);
  }

  #drop(orderId: string, reason: string, cause?: RefusalCause): void {
    if (!this.#isQueued(orderId)) return;
    this.#account.side.drop(orderId, reason, cause);
  }

  #isQueued(orderId: string): boolean {
    const account = this.#account;
    return !account.isClosed &&
      findWorking(account, orderId)?.phase === "queued";
  }

  async #syncIds(to: number): Promise<void> {
    const account = this.#account;
    const isSynced = await account.journal.synced();
    if (isSynced && !account.isClosed) account.side.idsSynced(to);
  }
}

const LANES = {
  entry: "entry",
  stop: "protective",
  target: "exit",
  close: "exit",
} as const;

/** Not sent: a new risk that no record survives of is not taken. */
const NOT_WRITTEN: CreateOutcome = {
  kind: "rejected",
  errorKind: "refused",
  venueCode: null,
  detail: "The disk did not take its record, so it was not sent",
  retryAfterMs: null,
  cause: "maintenance",
};

function lost(detail: string): CreateOutcome {
  return { kind: "unknown", venueCode: null, detail };
}
