import type {
  AlertChannelCreated,
  AlertChannelView,
  ChannelRequest,
} from "../contracts/alerts/channel.ts";
import type {
  AlertDeliveryView,
  AlertSetup,
} from "../contracts/alerts/delivery.ts";
import type { AlertRule, RuleRequest } from "../contracts/alerts/rule.ts";
import type { Caller } from "../contracts/audit.ts";
import type { QuotaUse } from "../contracts/quota.ts";

/** Alerts as pages and API use them. Refusals are thrown as AppError. */
export interface Alerts {
  readonly setup: AlertSetup;
  /** Those of one person, or of everybody (null), oldest first. */
  channels(ownerId: string | null): readonly AlertChannelView[];
  rules(ownerId: string | null): readonly AlertRule[];
  /** Messages of one channel, newest first. */
  deliveries(channelId: string): readonly AlertDeliveryView[];
  /** Whose a channel or a rule is; null where there is none. */
  ownerOf(thing: "channel" | "rule", id: string): string | null;
  /** Makes a channel. @throws {AppError} REQUEST_INVALID where this server may not send there, QUOTA_EXCEEDED. */
  addChannel(
    request: ChannelRequest,
    caller: Caller,
  ): Promise<AlertChannelCreated>;
  /** Forgets a channel with its messages; rules that led nowhere else go, too. */
  removeChannel(id: string, caller: Caller): Promise<void>;
  /**
   * Sends one real message now; the answer says what became of it.
   *
   * @throws {AppError} RATE_LIMITED, ALERT_CHANNEL_NOT_FOUND, REQUEST_INVALID where another process sends.
   */
  test(id: string, caller: Caller): Promise<AlertDeliveryView>;
  addRule(request: RuleRequest, caller: Caller): Promise<AlertRule>;
  changeRule(
    id: string,
    request: RuleRequest,
    caller: Caller,
  ): Promise<AlertRule>;
  removeRule(id: string, caller: Caller): Promise<void>;
  quotas(userId: string): readonly QuotaUse[];
  figures(): AlertFigures;
}

/** How alerts do, over all channels. */
export interface AlertFigures {
  /** Messages since the start of this process. */
  delivered: number;
  failed: number;
  /** Alerts that were given up because too many waited. */
  dropped: number;
  /** Now. */
  waiting: number;
  failingChannels: number;
}

/** Alerts of a server that runs. */
export interface RunningAlerts extends Alerts {
  /** Waits for what is under way, and ends. What has not gone out goes after the next start. */
  close(): Promise<void>;
}
