import type {
  ChannelHealth,
  StoredAlertChannel,
} from "../contracts/alerts/channel.ts";
import type {
  AlertCursor,
  AlertDelivery,
} from "../contracts/alerts/delivery.ts";
import type { AlertRule } from "../contracts/alerts/rule.ts";
import type { AuditEntry } from "../contracts/audit.ts";
import { AppError } from "../core/errors.ts";
import type {
  AlertChange,
  AlertEdit,
  AlertStore,
  StoredAlerts,
} from "./alert_port.ts";
import type { AuditLog } from "./audit.ts";
import { versionOf } from "./families.ts";
import { keys } from "./keys.ts";
import { checkedSize } from "./kv/size.ts";
import type { Commit, GuardedKv } from "./kv/guarded_kv.ts";
import { LIST_BATCH } from "./limits.ts";

/** Alerts as they lie in the store. */
export class KvAlertStore implements AlertStore {
  readonly #kv: GuardedKv;
  readonly #audit: AuditLog;

  constructor(options: { kv: GuardedKv; audit: AuditLog }) {
    this.#kv = options.kv;
    this.#audit = options.audit;
  }

  async load(): Promise<StoredAlerts> {
    const [channels, rules, healths, deliveries, cursor] = await Promise.all([
      this.#all<{ channel: StoredAlertChannel }>(keys.alertChannels()),
      this.#all<{ rule: AlertRule }>(keys.alertRules()),
      this.#all<{ health: ChannelHealth }>(keys.alertHealths()),
      this.#all<{ delivery: AlertDelivery }>(keys.alertDeliveries()),
      this.#kv.get<{ cursor: AlertCursor }>(keys.alertCursor()),
    ]);
    return {
      channels: channels.map(({ channel }) => channel),
      rules: rules.map(({ rule }) => rule),
      healths: healths.map(({ health }) => health),
      deliveries: deliveries.map(({ delivery }) => delivery),
      cursor: cursor.value?.cursor ?? null,
    };
  }

  async edit(edit: AlertEdit, audit: AuditEntry): Promise<void> {
    const change = editCommit(edit);
    await this.#audit.commitWith(audit, () => Promise.resolve(change));
  }

  async commit(change: AlertChange): Promise<void> {
    const { ok } = await this.#kv.commit(changeCommit(change));
    if (ok) return;
    throw new AppError(
      "STORE_UNAVAILABLE",
      "The store did not take the messages of alerts; they are made again from the events",
      { status: 503 },
    );
  }

  async #all<T>(prefix: Deno.KvKey): Promise<T[]> {
    const all: T[] = [];
    let start: Deno.KvKey | null = null;
    for (;;) {
      const selector: Deno.KvListSelector = start === null
        ? { prefix }
        : { prefix, start };
      // deno-lint-ignore no-await-in-loop -- each page starts where the last ended
      const page: Deno.KvEntry<T>[] = await this.#kv.list(selector, {
        limit: LIST_BATCH,
      });
      all.push(...page.map(({ value }) => value));
      if (page.length < LIST_BATCH) return all;
      // Ids are ASCII: a space behind one is the smallest key after it.
      start = [...prefix, `${page.at(-1)!.key[1] as string} `];
    }
  }
}

function editCommit(edit: AlertEdit): Pick<Commit, "sets" | "deletes"> {
  switch (edit.kind) {
    case "channel":
      return { sets: [channelEntry(edit.channel)] };
    case "channel removed":
      return {
        sets: edit.rules.map(ruleEntry),
        deletes: [
          keys.alertChannel(edit.id),
          keys.alertHealth(edit.id),
          ...edit.deliveries.map(keys.alertDelivery),
          ...edit.emptyRules.map(keys.alertRule),
        ],
      };
    case "rule":
      return { sets: [ruleEntry(edit.rule)] };
    case "rule removed":
      return { deletes: [keys.alertRule(edit.id)] };
  }
}

function changeCommit(
  { cursor, deliveries = [], removed = [], healths = [] }: AlertChange,
): Commit {
  const key = keys.alertCursor();
  return {
    sets: [
      ...deliveries.map((delivery) => {
        const value = { v: versionOf("alert_delivery"), delivery };
        checkedSize(value, `The alert ${delivery.id}`);
        return { key: keys.alertDelivery(delivery.id), value };
      }),
      ...healths.map((health) => ({
        key: keys.alertHealth(health.channelId),
        value: { v: versionOf("alert_health"), health },
      })),
      ...cursor === undefined || cursor === null
        ? []
        : [{ key, value: { v: versionOf("alert_cursor"), cursor } }],
    ],
    deletes: [
      ...removed.map(keys.alertDelivery),
      ...cursor === null ? [key] : [],
    ],
  };
}

function channelEntry(channel: StoredAlertChannel) {
  const value = { v: versionOf("alert_channel"), channel };
  checkedSize(value, `The channel "${channel.view.name}"`);
  return { key: keys.alertChannel(channel.view.id), value };
}

function ruleEntry(rule: AlertRule) {
  const value = { v: versionOf("alert_rule"), rule };
  return { key: keys.alertRule(rule.id), value };
}
