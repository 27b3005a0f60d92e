/**
 * The risk managers at a desk: tells them of the accounts they guard, and
 * applies what they want. What was said last holds until it is taken back; a
 * guard that is silent, or gone without having been taken away, changes nothing.
 *
 * @module
 */
import type { Timer } from "../../../actors/clock.ts";
import type { ActorRuntime } from "../../../actors/program.ts";
import type { GuardAtDesk, GuardState } from "../../contracts/guard.ts";
import type { FeedMessage } from "../../contracts/links.ts";
import type { AccountFlow } from "../account_flow.ts";
import { refuseWhileFull } from "../desk_answers.ts";
import type { HeardPrice } from "./account_facts.ts";
import type { HoldChange } from "./change_hold.ts";
import { CloseRing } from "./close_ring.ts";
import { GuardLink } from "./guard_link.ts";
import { FACTS_BEAT_MS, FACTS_EVERY_MS } from "./limits.ts";

const LINK_START = "guarded:";

/** What the guards of a desk work with. */
export interface GuardDeskOptions {
  runtime: Pick<ActorRuntime, "clock" | "send" | "credits" | "discard">;
  flows: ReadonlyMap<string, AccountFlow>;
  guards: readonly GuardAtDesk[];
}

/** See the module's description. */
export class GuardDesk {
  readonly #options: GuardDeskOptions;
  #guards = new Map<string, GuardAtDesk>();
  readonly #links = new Map<string, GuardLink>();
  readonly #rings = new Map<string, CloseRing>();
  readonly #heard = new Map<string, HeardPrice>();
  /** What each guard said last, for accounts that open or that a full journal refused. */
  readonly #said = new Map<string, GuardState>();
  #due: Timer | null = null;
  #beat: Timer | null = null;

  constructor(options: GuardDeskOptions) {
    this.#options = options;
    for (const guard of options.guards) {
      this.#guards.set(guard.guardId, guard);
    }
  }

  /** Whether a link is one of a risk manager. */
  isGuardLink(link: string): boolean {
    return link.startsWith(LINK_START);
  }

  /** Who guards what from now on. A guard that is not named, or an account that it guards no longer, is let go but for what is latched. */
  set(guards: readonly GuardAtDesk[]): void {
    this.#guards = new Map(guards.map((guard) => [guard.guardId, guard]));
    for (const guardId of [...this.#said.keys()]) {
      if (!this.#guards.has(guardId)) this.#said.delete(guardId);
    }
    for (const flow of this.#options.flows.values()) this.#dropOthers(flow);
    for (const guardId of this.#links.keys()) this.#touchAll(guardId);
    this.#arm();
  }

  linkOpened(link: string): void {
    const guardId = link.slice(LINK_START.length);
    const { runtime, flows } = this.#options;
    const opened = new GuardLink({ link, guardId, runtime, flows });
    this.#links.set(guardId, opened);
    this.#touchAll(guardId);
    this.#beat ??= runtime.clock.every(FACTS_BEAT_MS, () => this.#onBeat());
    this.#arm();
  }

  linkClosed(link: string): void {
    this.#links.delete(link.slice(LINK_START.length));
    if (this.#links.size > 0) return;
    this.#beat?.cancel();
    this.#beat = null;
  }

  /** The far end can take more. */
  credited(link: string): void {
    const guardId = link.slice(LINK_START.length);
    if (this.#links.get(guardId)?.isDue === true) this.#arm();
  }

  /** Takes what a risk manager wants. */
  receive(link: string, message: unknown): void {
    const guardId = link.slice(LINK_START.length);
    const said = message as GuardState;
    const guard = this.#guards.get(guardId);
    if (guard === undefined || said.type !== "guardState") {
      this.#options.runtime.discard?.(link);
      return;
    }
    this.#said.set(guardId, said);
    this.#apply(guard, said);
  }

  /** What an account's feed sends, before the account has it. */
  hear(flow: AccountFlow, message: FeedMessage): void {
    const { agentId } = flow.account.config;
    if (message.type === "candles") this.#ringOf(agentId).take(message);
    if (message.type !== "quote") return;
    const { mark, bid, ask } = message.quote;
    const at = this.#options.runtime.clock.nowMs();
    this.#heard.set(agentId, { price: mark ?? (bid + ask) / 2, at });
    this.#touch(agentId);
  }

  /** An account is open: its guards hear of it, and it hears what they said. */
  opened(flow: AccountFlow): void {
    const { agentId } = flow.account.config;
    flow.reporter.onTouch = () => this.#touch(agentId);
    this.#dropOthers(flow);
    for (const [guardId, said] of this.#said) {
      const guard = this.#guards.get(guardId);
      if (guard !== undefined) this.#take(flow, { guard, said });
    }
    this.#touch(agentId);
  }

  /**
   * A person releases what a guard has latched on any account here.
   *
   * @throws {AppError} `JOURNAL_UNAVAILABLE` where a full journal does not take it; the other accounts are released.
   */
  release(guardId: string): void {
    const guard = this.#guards.get(guardId);
    const now = this.#options.runtime.clock.nowMs();
    for (const flow of this.#options.flows.values()) {
      const hold = flow.account.read((book) => book.causes.guards?.[guardId]);
      if (hold === undefined && !isGuarding(guard, flow)) continue;
      // A clock that was set back must not keep a latch.
      const releasedId = Math.max(now, hold?.latched?.id ?? 0);
      this.#change(flow, { type: "release", guardId, releasedId });
    }
    for (const flow of this.#options.flows.values()) {
      if (isGuarding(guard, flow)) refuseWhileFull(flow);
    }
  }

  /** Ends the timers. */
  cancel(): void {
    this.#due?.cancel();
    this.#beat?.cancel();
    this.#due = this.#beat = null;
  }

  #ringOf(agentId: string): CloseRing {
    let ring = this.#rings.get(agentId);
    if (ring === undefined) {
      for (const known of this.#rings.keys()) {
        if (!this.#options.flows.has(known)) this.#rings.delete(known);
      }
      ring = new CloseRing();
      this.#rings.set(agentId, ring);
    }
    return ring;
  }

  #apply(guard: GuardAtDesk, said: GuardState): void {
    for (const flow of this.#options.flows.values()) {
      this.#take(flow, { guard, said });
    }
  }

  #take(
    flow: AccountFlow,
    { guard, said }: { guard: GuardAtDesk; said: GuardState },
  ): void {
    if (!isGuarding(guard, flow)) return;
    const { guardId } = guard;
    const { current, latched } = said;
    this.#change(flow, { type: "take", guardId, current, latched });
  }

  #dropOthers(flow: AccountFlow): void {
    const holds = flow.account.read((book) => book.causes.guards) ?? {};
    for (const guardId of Object.keys(holds)) {
      if (isGuarding(this.#guards.get(guardId), flow)) continue;
      this.#change(flow, { type: "drop", guardId });
    }
  }

  /** A full journal takes nothing: it is tried again with the next beat. */
  #change(flow: AccountFlow, change: HoldChange): void {
    if (flow.journal.isFull) return;
    const before = flow.account.read(({ causes }) => causes.guards);
    flow.account.pullLever((orders) => orders.hold(change));
    const after = flow.account.read(({ causes }) => causes.guards);
    if (before === after) return;
    flow.accountChanged();
    flow.pump();
  }

  #onBeat(): void {
    for (const [guardId, said] of this.#said) {
      const guard = this.#guards.get(guardId);
      if (guard !== undefined) this.#apply(guard, said);
    }
    for (const flow of this.#options.flows.values()) this.#dropOthers(flow);
    for (const link of this.#links.values()) link.isDue = true;
    this.#send();
  }

  #touchAll(guardId: string): void {
    const link = this.#links.get(guardId);
    if (link === undefined) return;
    for (const { agentId } of this.#guards.get(guardId)?.accounts ?? []) {
      link.touch(agentId);
    }
    link.isDue = true;
  }

  /** Called for each candle of each account: cheap. */
  #touch(agentId: string): void {
    if (this.#links.size === 0) return;
    let isWanted = false;
    for (const [guardId, link] of this.#links) {
      const accounts = this.#guards.get(guardId)?.accounts ?? [];
      if (!accounts.some((account) => account.agentId === agentId)) continue;
      link.touch(agentId);
      isWanted = true;
    }
    if (isWanted) this.#arm();
  }

  #arm(): void {
    const { clock } = this.#options.runtime;
    this.#due ??= clock.after(FACTS_EVERY_MS, () => {
      this.#due = null;
      this.#send();
    });
  }

  #send(): void {
    for (const [guardId, link] of this.#links) {
      link.send({
        accounts: this.#guards.get(guardId)?.accounts ?? [],
        ringOf: (agentId) => this.#ringOf(agentId),
        heardOf: (agentId) => this.#heard.get(agentId) ?? null,
      });
    }
  }
}

function isGuarding(
  guard: GuardAtDesk | undefined,
  flow: AccountFlow,
): boolean {
  const { agentId } = flow.account.config;
  return guard?.accounts.some((account) => account.agentId === agentId) ??
    false;
}
