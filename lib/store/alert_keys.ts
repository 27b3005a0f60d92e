/** Keys of alerts; part of keys.ts. */
export const alertKeys = {
  /** `{v, channel}`: a channel for alerts, sealed. */
  alertChannel: (id: string): Deno.KvKey => ["alert_channel", id],
  alertChannels: (): Deno.KvKey => ["alert_channel"],
  /** `{v, rule}`. */
  alertRule: (id: string): Deno.KvKey => ["alert_rule", id],
  alertRules: (): Deno.KvKey => ["alert_rule"],
  /** `{v, health}`: how a channel does. */
  alertHealth: (channelId: string): Deno.KvKey => ["alert_health", channelId],
  alertHealths: (): Deno.KvKey => ["alert_health"],
  /** `{v, delivery}`: a message that waits, or that has ended. */
  alertDelivery: (id: string): Deno.KvKey => ["alert_delivery", id],
  alertDeliveries: (): Deno.KvKey => ["alert_delivery"],
  /** `{v, cursor}`: up to where events were looked at for alerts. */
  alertCursor: (): Deno.KvKey => ["alert_cursor"],
} as const;
