import * as z from "zod";
import type {
  AlertChannelCreated,
  AlertChannelView,
} from "../alerts/channel.ts";
import { CHANNEL_KINDS } from "../alerts/channel.ts";
import { ALERT_CLASS_NAMES, ALERT_SEVERITIES } from "../alerts/classes.ts";
import type { AlertDeliveryView, AlertSetup } from "../alerts/delivery.ts";
import { DELIVERY_KINDS, DELIVERY_STATES } from "../alerts/delivery.ts";
import { type AlertRule, RULE_SCOPES } from "../alerts/rule.ts";
import { same } from "./parts.ts";

/** {@link AlertSetup} */
export const alertSetupSchema = z.object({
  hosts: z.array(z.string()),
  hasTelegram: z.boolean(),
  mailFrom: z.string().nullable(),
});
same<AlertSetup, typeof alertSetupSchema>();

/** {@link AlertChannelView} */
export const alertChannelSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  name: z.string(),
  kind: z.enum(CHANNEL_KINDS),
  target: z.string(),
  createdAt: z.number(),
  health: z.object({
    failuresInRow: z.number(),
    failingSince: z.number().nullable(),
    lastError: z.string().nullable(),
    lastDeliveredAt: z.number().nullable(),
    delivered: z.number(),
    failed: z.number(),
    dropped: z.number(),
    lastDroppedAt: z.number().nullable(),
  }),
  waiting: z.number(),
  blockedBy: z.string().nullable(),
});
same<AlertChannelView, typeof alertChannelSchema>();

/** {@link AlertChannelCreated} */
export const alertChannelCreatedSchema = z.object({
  channel: alertChannelSchema,
  signingSecret: z.string().nullable(),
});
same<AlertChannelCreated, typeof alertChannelCreatedSchema>();

/** {@link AlertRule} */
export const alertRuleSchema = z.object({
  id: z.string(),
  ownerId: z.string(),
  classes: z.array(z.enum(ALERT_CLASS_NAMES)),
  leastSeverity: z.enum(ALERT_SEVERITIES),
  channelIds: z.array(z.string()),
  scope: z.enum(RULE_SCOPES),
  quietHours: z.object({
    from: z.string(),
    to: z.string(),
    timeZone: z.string(),
  }).nullable(),
  createdAt: z.number(),
});
same<AlertRule, typeof alertRuleSchema>();

/** {@link AlertDeliveryView} */
export const alertDeliverySchema = z.object({
  id: z.string(),
  channelId: z.string(),
  kind: z.enum(DELIVERY_KINDS),
  state: z.enum(DELIVERY_STATES),
  severity: z.enum(ALERT_SEVERITIES),
  count: z.number(),
  items: z.array(z.object({
    class: z.enum(ALERT_CLASS_NAMES),
    severity: z.enum(ALERT_SEVERITIES),
    at: z.number(),
    agentId: z.string().nullable(),
    agentName: z.string().nullable(),
    simulated: z.boolean().nullable(),
    message: z.string(),
  })),
  createdAt: z.number(),
  attempts: z.number(),
  lastAttemptAt: z.number().nullable(),
  lastError: z.string().nullable(),
  nextAttemptAt: z.number().nullable(),
  endedAt: z.number().nullable(),
});
same<AlertDeliveryView, typeof alertDeliverySchema>();
