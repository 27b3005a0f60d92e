import type { OpenAPIHono } from "@hono/zod-openapi";
import * as z from "zod";
import { channelRequestSchema } from "../../contracts/alerts/channel.ts";
import { ruleRequestSchema } from "../../contracts/alerts/rule.ts";
import {
  alertChannelCreatedSchema,
  alertChannelSchema,
  alertDeliverySchema,
  alertRuleSchema,
  alertSetupSchema,
} from "../../contracts/answers/alerts.ts";
import { pageOf } from "../../contracts/answers/parts.ts";
import type { OwnerOf } from "../authorizer.ts";
import type { ListResponse } from "../client.ts";
import type { ApiContext, ApiEnv, ApiOptions } from "../context.ts";
import type { Authorizer } from "../gate.ts";
import { listQuerySchema, pageOfList } from "../list_page.ts";
import { createRouter, type Router } from "../openapi/router.ts";
import { alertChannelSubject, alertRuleSubject } from "../subjects.ts";

/** Asks for what everybody has. */
const EVERYBODY = "all";

const ownedListSchema = listQuerySchema.extend({
  owner: z.string().min(1).max(64).optional().meta({
    description:
      `Whose: one's own where it is left out. An admin may give the id of a user, or \`${EVERYBODY}\``,
  }),
}).strict();

type OwnedQuery = z.infer<typeof ownedListSchema>;

interface Parts {
  options: ApiOptions;
  authorizer: Authorizer;
}

/** Channels, rules and messages of alerts. */
export function alertRoutes(
  options: ApiOptions,
  authorizer: Authorizer,
): OpenAPIHono<ApiEnv> {
  const router = createRouter(options, authorizer);
  const parts = { options, authorizer };
  router.define({
    method: "get",
    path: "/setup",
    summary: "How alerts are set up on this server",
    tag: "alerts",
    action: "alerts.read",
    answer: alertSetupSchema,
  }, () => options.alerts.setup);
  defineChannels(router, parts);
  defineChannel(router, parts);
  defineRules(router, parts);
  defineRule(router, parts);
  return router.app;
}

function defineChannels(
  { define }: Router,
  { options: { alerts }, authorizer }: Parts,
): void {
  define(
    {
      ...ownedList(authorizer),
      path: "/channels",
      summary: "List alert channels with how they do",
      details: "Nothing secret is in it: of a webhook the host alone.",
      answer: pageOf(alertChannelSchema),
    },
    ({ query, caller: { userId } }) =>
      ownedPage(query, { userId, list: (ownerId) => alerts.channels(ownerId) }),
  );
  define({
    method: "post",
    path: "/channels",
    summary: "Make an alert channel; what is secret of it is never shown again",
    details:
      "The signing secret of a webhook is in this answer and nowhere else. Without an Idempotency-Key, because kept answers are in the store.",
    tag: "alerts",
    action: "alerts.manage",
    body: channelRequestSchema,
    answer: alertChannelCreatedSchema,
    status: 201,
    problems: ["QUOTA_EXCEEDED"],
  }, ({ body, caller }) => alerts.addChannel(body, caller));
}

function defineChannel(
  { define }: Router,
  { options: { alerts }, authorizer: { allow } }: Parts,
): void {
  const ofChannel: OwnerOf = (c) => alertChannelSubject(alerts, channelOf(c));
  define({
    method: "get",
    path: "/channels/:channel/deliveries",
    summary: "List the messages of an alert channel, newest first",
    details:
      "What waits, with the next attempt, and the last that have ended, with what became of them.",
    tag: "alerts",
    action: "alerts.read",
    guards: [allow("alerts.read", ofChannel)],
    query: listQuerySchema,
    answer: pageOf(alertDeliverySchema),
    problems: ["ALERT_CHANNEL_NOT_FOUND"],
  }, ({ c, query }) =>
    pageOfList(alerts.deliveries(channelOf(c)), {
      ...query,
      keyOf: ({ id }) => id,
    }));
  define({
    method: "post",
    path: "/channels/:channel/test",
    summary: "Send one real message by an alert channel now",
    details: "The answer says what became of it; it is not tried again.",
    tag: "alerts",
    action: "alerts.manage",
    guards: [allow("alerts.manage", ofChannel)],
    answer: alertDeliverySchema,
    problems: [
      "ALERT_CHANNEL_NOT_FOUND",
      "REQUEST_INVALID",
      "STORE_UNAVAILABLE",
    ],
  }, ({ c, caller }) => alerts.test(channelOf(c), caller));
  define({
    method: "delete",
    path: "/channels/:channel",
    summary: "Remove an alert channel with its messages",
    details: "Rules that lead to no other channel go with it.",
    tag: "alerts",
    action: "alerts.remove",
    guards: [allow("alerts.remove", ofChannel)],
    answer: null,
    problems: ["ALERT_CHANNEL_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => alerts.removeChannel(channelOf(c), caller));
}

function defineRules(
  { define }: Router,
  { options: { alerts }, authorizer }: Parts,
): void {
  define(
    {
      ...ownedList(authorizer),
      path: "/rules",
      summary: "List alert rules",
      answer: pageOf(alertRuleSchema),
    },
    ({ query, caller: { userId } }) =>
      ownedPage(query, { userId, list: (ownerId) => alerts.rules(ownerId) }),
  );
  define({
    method: "post",
    path: "/rules",
    summary: "Make an alert rule",
    details: "The scope `all` is for admins.",
    tag: "alerts",
    action: "alerts.manage",
    guards: [
      authorizer.allow("alerts.manage"),
      authorizer.byBody(["alerts.all"]),
    ],
    body: ruleRequestSchema,
    answer: alertRuleSchema,
    status: 201,
    prepare: ({ c, body }) => mayHearAll(authorizer, c, body),
    problems: ["QUOTA_EXCEEDED"],
  }, ({ body, caller }) => alerts.addRule(body, caller));
}

function defineRule(
  { define }: Router,
  { options: { alerts }, authorizer }: Parts,
): void {
  const ofRule: OwnerOf = (c) => alertRuleSubject(alerts, ruleOf(c));
  define({
    method: "put",
    path: "/rules/:rule",
    summary: "Change an alert rule",
    details: "Messages that wait already stay as they are.",
    tag: "alerts",
    action: "alerts.manage",
    guards: [
      authorizer.allow("alerts.manage", ofRule),
      authorizer.byBody(["alerts.all"]),
    ],
    body: ruleRequestSchema,
    answer: alertRuleSchema,
    prepare: ({ c, body }) => mayHearAll(authorizer, c, body),
    problems: ["ALERT_RULE_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c, body, caller }) => alerts.changeRule(ruleOf(c), body, caller));
  define({
    method: "delete",
    path: "/rules/:rule",
    summary: "Remove an alert rule",
    tag: "alerts",
    action: "alerts.remove",
    guards: [authorizer.allow("alerts.remove", ofRule)],
    answer: null,
    problems: ["ALERT_RULE_NOT_FOUND", "STORE_UNAVAILABLE"],
  }, ({ c, caller }) => alerts.removeRule(ruleOf(c), caller));
}

/** What routes have in common that list things of the caller, of another user, or of everybody. */
function ownedList(authorizer: Authorizer) {
  return {
    method: "get",
    tag: "alerts",
    action: "alerts.read",
    query: ownedListSchema,
    problems: ["NOT_OWNER"],
    prepare: (
      { c, query: { owner }, caller: { userId } }: {
        c: ApiContext;
        query: OwnedQuery;
        caller: { userId: string };
      },
    ) => {
      const ownerId = owner ?? userId;
      return authorizer.authorize(c, "alerts.read", { ownerId, isLive: false });
    },
  } as const;
}

function ownedPage<Item extends { id: string }>(
  { owner, ...page }: OwnedQuery,
  { userId, list }: {
    userId: string;
    /** Null for everybody's. */
    list(ownerId: string | null): readonly Item[];
  },
): ListResponse<Item> {
  const ownerId = owner === EVERYBODY ? null : owner ?? userId;
  return pageOfList(list(ownerId), { ...page, keyOf: ({ id }) => id });
}

async function mayHearAll(
  authorizer: Authorizer,
  c: ApiContext,
  { scope }: { scope: "own" | "all" },
): Promise<void> {
  if (scope === "all") await authorizer.authorize(c, "alerts.all");
}

function channelOf(c: ApiContext): string {
  return c.req.param("channel") ?? "";
}

function ruleOf(c: ApiContext): string {
  return c.req.param("rule") ?? "";
}
