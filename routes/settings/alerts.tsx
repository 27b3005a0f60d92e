import { page } from "fresh";
import { Head } from "fresh/runtime";
import type { PageState } from "../../lib/api/page_state.ts";
import { reachOf } from "../../lib/contracts/policy.ts";
import { BROWSER_ZONE } from "../../lib/contracts/preference_values.ts";
import {
  ALERT_DONE,
  AlertsView,
  type AlertsViewProps,
} from "../../lib/ui/settings/alerts/AlertsView.tsx";
import type { OwnedChannel } from "../../lib/ui/settings/alerts/OthersChannels.tsx";
import {
  newRuleFields,
  type RuleFields,
  ruleFieldsOf,
} from "../../lib/ui/settings/alerts/rule_fields.ts";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { ofOthers } from "../(_shared)/of_others.ts";
import { runAlertForm } from "../(_shared)/alert_forms.ts";
import { define } from "../(_shared)/define.ts";
import { readForm, requireUser } from "../(_shared)/guard.ts";

const NO_STORE = { "Cache-Control": "no-store" };
const DONE = Object.keys(ALERT_DONE) as (keyof typeof ALERT_DONE)[];

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const query = ctx.url.searchParams;
    const data = await dataOf(ctx.state, {
      done: DONE.find((word) => word === query.get("done")) ?? null,
      tested: query.get("tested"),
      editing: query.get("rule"),
    });
    return page<AlertsViewProps>(data, { headers: NO_STORE });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    const { services, identity } = ctx.state;
    const outcome = await runAlertForm(
      {
        services,
        identity: identity!,
        requestId: services.requestIdOf(ctx.req),
      },
      await readForm(ctx.req),
    );
    if (outcome.kind === "done") return ctx.redirect(outcome.to, 303);
    if (outcome.kind === "made") {
      const data = await dataOf(ctx.state, { made: outcome.made });
      return page<AlertsViewProps>(data, { headers: NO_STORE });
    }
    const { form, kept, rule, refusal } = outcome;
    const { errors, status } = refusal;
    const data = await dataOf(ctx.state, {
      form,
      kept,
      errors,
      ...(rule === null ? {} : { rule }),
    });
    return page<AlertsViewProps>(data, { status, headers: NO_STORE });
  },
});

async function dataOf(
  { services, identity, preferences }: PageState,
  { editing = null, ...shown }: Partial<AlertsViewProps> & {
    /** Id of the rule that is changed. */
    editing?: string | null;
  },
): Promise<AlertsViewProps> {
  const { alerts } = services;
  const { user } = identity!;
  const channels = alerts.channels(user.id);
  const rules = alerts.rules(user.id);
  return {
    setup: alerts.setup,
    channels,
    rules,
    deliveries: Object.fromEntries(
      channels.map(({ id }) => [id, alerts.deliveries(id)]),
    ),
    others: reachOf(user.role, "alerts.read") === "any"
      ? await othersChannels(services, user.id)
      : [],
    role: user.role,
    form: "",
    errors: {},
    kept: {},
    rule: fieldsOf(editing, { channels, rules, zone: preferences.timeZone }),
    done: null,
    made: null,
    tested: null,
    ...shown,
  };
}

function fieldsOf(
  editing: string | null,
  { channels, rules, zone }:
    & Pick<AlertsViewProps, "channels" | "rules">
    & { zone: string },
): RuleFields {
  const timeZone = zone === BROWSER_ZONE ? "UTC" : zone;
  const rule = rules.find(({ id }) => id === editing);
  return rule === undefined
    ? newRuleFields({ channelIds: channels.map(({ id }) => id), timeZone })
    : ruleFieldsOf(rule, { timeZone });
}

async function othersChannels(
  services: PageState["services"],
  userId: string,
): Promise<readonly OwnedChannel[]> {
  const items = services.alerts.channels(null);
  const others = await ofOthers(services, { items, userId });
  return others.map(({ item: channel, owner }) => ({ channel, owner }));
}

/** Where alerts go and which. Plain forms: they work without script. */
export default define.page<typeof handler>(function AlertsPage({ data }) {
  return (
    <SettingsFrame
      path="/settings/alerts"
      title="Alerts"
      lead="What happens here can reach you elsewhere: by a webhook, in Telegram or by e-mail. Channels say where, rules say what."
    >
      <Head>
        <title>Alerts · SMC Fleet</title>
      </Head>
      <AlertsView {...data} />
    </SettingsFrame>
  );
});
