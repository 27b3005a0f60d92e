import type { AlertRule, RuleRequest } from "../contracts/alerts/rule.ts";
import { type Caller, callerActor } from "../contracts/audit.ts";
import { type QuotaUse, refuseBeyond } from "../contracts/quota.ts";
import type { AuditEntry } from "../store/port.ts";
import type { BookOptions } from "./channel_book.ts";
import { RULES_PER_USER_MAX } from "./limits.ts";
import { invalidField, ruleNotFound } from "./refusals.ts";

/** Rules of people. Who may make one that hears of everybody's agents is decided before. */
export class RuleBook {
  readonly #options: Pick<BookOptions, "state" | "ids" | "nowMs">;

  constructor(options: Pick<BookOptions, "state" | "ids" | "nowMs">) {
    this.#options = options;
  }

  list(ownerId: string | null): readonly AlertRule[] {
    return [...this.#options.state.rules.values()].filter((rule) =>
      ownerId === null || rule.ownerId === ownerId
    );
  }

  add(request: RuleRequest, caller: Caller): Promise<AlertRule> {
    const { state, ids, nowMs } = this.#options;
    return state.inTurn(async () => {
      for (const use of this.quotas(caller.userId)) refuseBeyond(use);
      const ownerId = caller.userId;
      const id = ids("rul");
      const rule = { ...request, id, ownerId, createdAt: nowMs() };
      await this.#save("alerts.rule.add", rule, caller);
      return rule;
    });
  }

  change(
    id: string,
    request: RuleRequest,
    caller: Caller,
  ): Promise<AlertRule> {
    const { state } = this.#options;
    return state.inTurn(async () => {
      const known = state.rules.get(id);
      if (known?.ownerId !== caller.userId) throw ruleNotFound();
      const rule = { ...known, ...request };
      await this.#save("alerts.rule.change", rule, caller);
      return rule;
    });
  }

  remove(id: string, caller: Caller): Promise<void> {
    const { state } = this.#options;
    return state.inTurn(async () => {
      const rule = state.rules.get(id);
      if (rule === undefined) throw ruleNotFound();
      await state.store.edit(
        { kind: "rule removed", id },
        this.#entry("alerts.rule.remove", rule, caller),
      );
      state.rules.delete(id);
    });
  }

  quotas(userId: string): readonly QuotaUse[] {
    const used = this.list(userId).length;
    return [{ quota: "alert_rules", used, limit: RULES_PER_USER_MAX }];
  }

  async #save(action: string, rule: AlertRule, caller: Caller): Promise<void> {
    const { state } = this.#options;
    const isOwn = (id: string) =>
      state.channels.get(id)?.view.ownerId === rule.ownerId;
    if (!rule.channelIds.every(isOwn)) {
      throw invalidField(
        "/channelIds",
        "Choose channels of your own; one of these is not, or was removed",
      );
    }
    const entry = this.#entry(action, rule, caller);
    await state.store.edit({ kind: "rule", rule }, entry);
    state.rules.set(rule.id, rule);
  }

  #entry(action: string, rule: AlertRule, caller: Caller): AuditEntry {
    const { classes, leastSeverity, channelIds, scope, quietHours } = rule;
    return {
      at: this.#options.nowMs(),
      actor: callerActor(caller),
      via: caller.via,
      action,
      target: rule.id,
      outcome: "ok",
      reason: "",
      detail: { classes, leastSeverity, channelIds, scope, quietHours },
    };
  }
}
