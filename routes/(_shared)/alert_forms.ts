/**
 * What the forms of the page of alerts ask for. The rules are those of the HTTP
 * API; secrets go to the service and nowhere else.
 *
 * @module
 */
import type { PageAsk, PageState } from "../../lib/api/page_state.ts";
import {
  CHANNEL_KINDS,
  type ChannelKind,
  channelRequestSchema,
} from "../../lib/contracts/alerts/channel.ts";
import { ruleRequestSchema } from "../../lib/contracts/alerts/rule.ts";
import type { Action } from "../../lib/contracts/policy.ts";
import { AppError } from "../../lib/core/errors.ts";
import type {
  AlertFormName,
  AlertsViewProps,
} from "../../lib/ui/settings/alerts/AlertsView.tsx";
import {
  readRuleFields,
  type RuleFields,
  ruleRequestOf,
} from "../../lib/ui/settings/alerts/rule_fields.ts";
import { type Fields, type FormRefusal, toRefusal } from "./guard.ts";

/** What a form led to: another page, this one with a secret, or this one with what is wrong. */
export type AlertOutcome =
  | { kind: "done"; to: string }
  | { kind: "made"; made: NonNullable<AlertsViewProps["made"]> }
  | {
    kind: "refused";
    form: AlertFormName;
    kept: Readonly<Record<string, string>>;
    rule: RuleFields | null;
    refusal: FormRefusal;
  };

/** What the forms work with. */
export interface AlertFormContext {
  services: Pick<PageState["services"], "alerts" | "authorize">;
  identity: NonNullable<PageState["identity"]>;
  /** Of the request that brings the form. */
  requestId: string;
}

const PAGE = "/settings/alerts";

/** Carries a form out. Defects are thrown on. */
export async function runAlertForm(
  context: AlertFormContext,
  field: Fields,
): Promise<AlertOutcome> {
  const action = field("action");
  const { alerts } = context.services;
  const own = alerts.channels(context.identity.user.id).map(({ id }) => id);
  const rule = action === "save-rule" ? readRuleFields(field, own) : null;
  try {
    return await act(context, action, { field, rule });
  } catch (error) {
    return {
      kind: "refused",
      form: formOf(action, field),
      // What is no secret; an address may hold one.
      kept: {
        name: field("name"),
        chatId: field("chatId"),
        to: field("to"),
      },
      rule,
      refusal: toRefusal(error, () => ""),
    };
  }
}

async function act(
  { services: { alerts, authorize }, identity, requestId }: AlertFormContext,
  action: string,
  { field, rule }: { field: Fields; rule: RuleFields | null },
): Promise<AlertOutcome> {
  const { id: userId, email } = identity.user;
  const caller = { userId, email, via: "panel", requestId } as const;
  const may = (needed: Action, alertThing?: PageAsk["alertThing"]) =>
    authorize({
      identity,
      action: needed,
      path: PAGE,
      requestId,
      ...(alertThing === undefined ? {} : { alertThing }),
    });
  const channel = { thing: "channel", id: field("channel") } as const;
  const ruleThing = { thing: "rule", id: field("rule") } as const;
  switch (action) {
    case "add-channel": {
      await may("alerts.manage");
      const request = parsed(channelRequestSchema, channelOf(field));
      const made = await alerts.addChannel(request, caller);
      const { signingSecret } = made;
      if (signingSecret === null) return done("channel-added");
      const { name } = made.channel;
      return { kind: "made", made: { name, signingSecret } };
    }
    case "test": {
      await may("alerts.manage", channel);
      const { id } = await alerts.test(channel.id, caller);
      return { kind: "done", to: `${PAGE}?tested=${id}` };
    }
    case "remove-channel":
      await may("alerts.remove", channel);
      await alerts.removeChannel(channel.id, caller);
      return done("channel-removed");
    case "save-rule": {
      const isNew = ruleThing.id === "";
      await may("alerts.manage", isNew ? undefined : ruleThing);
      const request = parsed(ruleRequestSchema, ruleRequestOf(rule!));
      if (request.scope === "all") await may("alerts.all");
      if (isNew) await alerts.addRule(request, caller);
      else await alerts.changeRule(ruleThing.id, request, caller);
      return done(isNew ? "rule-added" : "rule-changed");
    }
    case "remove-rule":
      await may("alerts.remove", ruleThing);
      await alerts.removeRule(ruleThing.id, caller);
      return done("rule-removed");
    default:
      throw new AppError("REQUEST_INVALID", "The form asks for nothing known", {
        status: 422,
      });
  }
}

function channelOf(field: Fields): unknown {
  const kind = field("kind");
  const name = field("name");
  switch (kind) {
    case "webhook":
      return { kind, name, url: field("url") };
    case "telegram":
      return { kind, name, token: field("token"), chatId: field("chatId") };
    default:
      return { kind, name, to: field("to") };
  }
}

/** @throws {AppError} REQUEST_INVALID with an error for each field. */
function parsed<T>(
  schema: {
    safeParse(value: unknown):
      | { success: true; data: T }
      | {
        success: false;
        error: {
          issues: readonly {
            path: readonly PropertyKey[];
            message: string;
          }[];
        };
      };
  },
  value: unknown,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({
    pointer: `/${path.map(String).join("/")}`,
    code: "FIELD_INVALID",
    detail: message,
  }));
  throw new AppError("REQUEST_INVALID", errors[0]?.detail ?? "", {
    status: 422,
    errors,
  });
}

function formOf(action: string, field: Fields): AlertFormName {
  if (action === "save-rule") return "rule";
  if (action !== "add-channel") return "";
  return CHANNEL_KINDS.find((kind): kind is ChannelKind =>
    kind === field("kind")
  ) ?? "";
}

function done(what: NonNullable<AlertsViewProps["done"]>): AlertOutcome {
  return { kind: "done", to: `${PAGE}?done=${what}` };
}
