import type {
  AlertChannelCreated,
  AlertChannelView,
  ChannelRequest,
  ChannelSecrets,
  StoredAlertChannel,
} from "../contracts/alerts/channel.ts";
import type { AlertRule } from "../contracts/alerts/rule.ts";
import { type Caller, callerActor } from "../contracts/audit.ts";
import { type QuotaUse, refuseBeyond } from "../contracts/quota.ts";
import { bindings } from "../contracts/sealed_record.ts";
import type { IdFactory } from "../core/ids.ts";
import type { AuditEntry } from "../store/port.ts";
import { type Keyring, open, seal } from "../vault/envelope.ts";
import { targetOf } from "./delivery/target.ts";
import {
  CHANNELS_MAX,
  CHANNELS_PER_USER_MAX,
  SIGNING_SECRET_BYTES,
} from "./limits.ts";
import { SWITCHED_OFF } from "./parcel.ts";
import { channelNotFound, invalidField } from "./refusals.ts";
import type { AlertSettings } from "./settings.ts";
import type { AlertState } from "./state.ts";

/** What the books of channels and rules work with. */
export interface BookOptions {
  state: AlertState;
  settings: AlertSettings;
  wrapping: Keyring;
  ids: IdFactory;
  nowMs(): number;
}

/** Channels of people, sealed. */
export class ChannelBook {
  readonly #options: BookOptions;

  constructor(options: BookOptions) {
    this.#options = options;
  }

  list(ownerId: string | null): readonly AlertChannelView[] {
    return [...this.#options.state.channels.values()]
      .filter(({ view }) => ownerId === null || view.ownerId === ownerId)
      .map((channel) => this.#viewOf(channel));
  }

  /** What is secret of a channel. @throws {AppError} SECRET_UNREADABLE */
  async secrets({ view, sealed }: StoredAlertChannel): Promise<ChannelSecrets> {
    const text = await open(sealed, {
      wrapping: this.#options.wrapping,
      bound: bindings.alertChannel(view),
    });
    return JSON.parse(text);
  }

  add(request: ChannelRequest, caller: Caller): Promise<AlertChannelCreated> {
    const { state, wrapping, ids, nowMs } = this.#options;
    return state.inTurn(async () => {
      const own = this.list(caller.userId);
      const name = request.name.toLowerCase();
      if (own.some((channel) => channel.name.toLowerCase() === name)) {
        throw invalidField("/name", "You have a channel of this name already");
      }
      for (const use of this.quotas(caller.userId)) refuseBeyond(use);
      const { secrets, target } = this.#read(request);
      const view = {
        id: ids("chn"),
        ownerId: caller.userId,
        name: request.name,
        kind: request.kind,
        target,
        createdAt: nowMs(),
      };
      const bound = bindings.alertChannel(view);
      const sealed = await seal(JSON.stringify(secrets), { wrapping, bound });
      const channel = { view, sealed };
      await state.store.edit(
        { kind: "channel", channel },
        this.#entry("alerts.channel.add", channel, caller),
      );
      state.channels.set(view.id, channel);
      const signingSecret = secrets.kind === "webhook"
        ? secrets.signingSecret
        : null;
      return { channel: this.#viewOf(channel), signingSecret };
    });
  }

  remove(id: string, caller: Caller): Promise<void> {
    const { state } = this.#options;
    return state.inTurn(async () => {
      const channel = state.channels.get(id);
      if (channel === undefined) throw channelNotFound();
      const { rules, emptyRules } = this.#rulesWithout(id);
      await state.store.edit(
        {
          kind: "channel removed",
          id,
          deliveries: state.outbox.of(id).map((delivery) => delivery.id),
          rules,
          emptyRules,
        },
        this.#entry("alerts.channel.remove", channel, caller),
      );
      state.forgetChannel(id);
      for (const rule of rules) state.rules.set(rule.id, rule);
      for (const ruleId of emptyRules) state.rules.delete(ruleId);
    });
  }

  quotas(userId: string): readonly QuotaUse[] {
    return [
      {
        quota: "alert_channels",
        used: this.list(userId).length,
        limit: CHANNELS_PER_USER_MAX,
      },
      {
        quota: "host_alert_channels",
        used: this.#options.state.channels.size,
        limit: CHANNELS_MAX,
      },
    ];
  }

  #rulesWithout(
    id: string,
  ): { rules: readonly AlertRule[]; emptyRules: readonly string[] } {
    const touched = [...this.#options.state.rules.values()]
      .filter(({ channelIds }) => channelIds.includes(id))
      .map((rule) => ({
        ...rule,
        channelIds: rule.channelIds.filter((other) => other !== id),
      }));
    return {
      rules: touched.filter(({ channelIds }) => channelIds.length > 0),
      emptyRules: touched.filter(({ channelIds }) => channelIds.length === 0)
        .map((rule) => rule.id),
    };
  }

  #viewOf({ view }: StoredAlertChannel): AlertChannelView {
    const { state } = this.#options;
    const { channelId: _, ...health } = state.health(view.id);
    return {
      ...view,
      health,
      waiting: state.outbox.waiting(view.id),
      blockedBy: this.blockedBy(view),
    };
  }

  /** Why this process can send nothing by a channel, in one sentence; null where it can. */
  blockedBy({ kind, target }: StoredAlertChannel["view"]): string | null {
    const { settings } = this.#options;
    switch (kind) {
      case "webhook": {
        const found = targetOf(target, settings.hosts);
        return typeof found === "string" ? found : null;
      }
      case "telegram":
        return settings.telegram === null ? SWITCHED_OFF.telegram : null;
      case "email":
        return settings.mail === null ? SWITCHED_OFF.email : null;
    }
  }

  /** What is sealed of a request, and what of it may be shown. @throws {AppError} REQUEST_INVALID */
  #read(request: ChannelRequest): { secrets: ChannelSecrets; target: string } {
    const { settings } = this.#options;
    switch (request.kind) {
      case "webhook": {
        const found = targetOf(request.url, settings.hosts);
        if (typeof found === "string") throw invalidField("/url", found);
        const { url, kind } = request;
        const signingSecret = crypto.getRandomValues(
          new Uint8Array(SIGNING_SECRET_BYTES),
        ).toBase64({ alphabet: "base64url", omitPadding: true });
        return {
          secrets: { kind, url, signingSecret },
          // The path of a webhook often is its password.
          target: new URL(url).origin,
        };
      }
      case "telegram": {
        const { name: _, ...secrets } = request;
        if (settings.telegram === null) {
          throw invalidField("/kind", SWITCHED_OFF.telegram);
        }
        return { secrets, target: request.chatId };
      }
      case "email": {
        const { name: _, ...secrets } = request;
        if (settings.mail === null) {
          throw invalidField("/kind", SWITCHED_OFF.email);
        }
        return { secrets, target: request.to };
      }
    }
  }

  #entry(
    action: string,
    { view }: StoredAlertChannel,
    caller: Caller,
  ): AuditEntry {
    const { name, kind, target } = view;
    return {
      at: this.#options.nowMs(),
      actor: callerActor(caller),
      via: caller.via,
      action,
      target: view.id,
      outcome: "ok",
      reason: "",
      detail: { name, kind, target },
    };
  }
}
