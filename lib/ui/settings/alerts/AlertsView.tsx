import type { AlertChannelView } from "../../../contracts/alerts/channel.ts";
import type {
  AlertDeliveryView,
  AlertSetup,
} from "../../../contracts/alerts/delivery.ts";
import type { AlertRule } from "../../../contracts/alerts/rule.ts";
import type { Role } from "../../../contracts/policy.ts";
import { Banner, EmptyState } from "../../Feedback.tsx";
import { FormError } from "../../FormError.tsx";
import { AddChannel } from "./AddChannel.tsx";
import { ChannelCard } from "./ChannelCard.tsx";
import { OthersChannels, type OwnedChannel } from "./OthersChannels.tsx";
import { RuleForm } from "./RuleForm.tsx";
import { RuleList } from "./RuleList.tsx";
import type { RuleFields } from "./rule_fields.ts";

/** Forms of the page: errors belong to one of them, or to the page. */
export type AlertFormName = "webhook" | "telegram" | "email" | "rule" | "";

/** What was just done. */
export const ALERT_DONE = {
  "channel-added": "The channel is stored. Send a test, then make a rule.",
  "channel-removed": "The channel is removed, with its messages.",
  "rule-added": "The rule holds from now on.",
  "rule-changed": "The rule is changed.",
  "rule-removed": "The rule is removed.",
} as const;

/** What the page of alerts knows. */
export interface AlertsViewProps {
  setup: AlertSetup;
  channels: readonly AlertChannelView[];
  /** Messages by id of the channel, newest first. */
  deliveries: Readonly<Record<string, readonly AlertDeliveryView[]>>;
  rules: readonly AlertRule[];
  /** Those of everybody else, for who may see them. */
  others: readonly OwnedChannel[];
  role: Role;
  /** Which form the errors belong to. */
  form: AlertFormName;
  errors: Readonly<Record<string, string>>;
  /** What was typed into it that is no secret. */
  kept: Readonly<Record<string, string>>;
  /** What the form of a rule shows. */
  rule: RuleFields;
  done: keyof typeof ALERT_DONE | null;
  /** A webhook that was made a moment ago, with its signing secret. */
  made: { name: string; signingSecret: string } | null;
  /** Id of a test that was sent a moment ago. */
  tested: string | null;
}

/** Channels, rules, and what went out. */
export function AlertsView(props: AlertsViewProps) {
  const { setup, channels, deliveries, errors, form, done, made } = props;
  const errorsOf = (name: AlertFormName) => form === name ? errors : {};
  const isOff = setup.hosts.length === 0 && !setup.hasTelegram &&
    setup.mailFrom === null;
  return (
    <>
      {done !== null && (
        <Banner tone="ok" testId="alerts-done">{ALERT_DONE[done]}</Banner>
      )}
      {made !== null && <SigningSecret {...made} />}
      <TestResult {...props} />
      {form === "" && <FormError message={errors[""]} />}
      {isOff && <SwitchedOff />}
      <section class="alerts-part" aria-labelledby="alert-channels">
        <h2 id="alert-channels">Channels</h2>
        {channels.length === 0
          ? (
            <EmptyState title="You have no channel yet">
              <p>A channel says where alerts go. Add the first one below.</p>
            </EmptyState>
          )
          : channels.map((channel) => (
            <ChannelCard
              key={channel.id}
              channel={channel}
              deliveries={deliveries[channel.id] ?? []}
            />
          ))}
        <AddChannel setup={setup} kept={props.kept} errorsOf={errorsOf} />
      </section>
      <section class="alerts-part" aria-labelledby="alert-rules">
        <h2 id="alert-rules">Rules</h2>
        <RuleList rules={props.rules} channels={channels} />
        {channels.length > 0 && (
          <RuleForm
            fields={props.rule}
            channels={channels}
            role={props.role}
            errors={errorsOf("rule")}
          />
        )}
      </section>
      {props.others.length > 0 && <OthersChannels channels={props.others} />}
    </>
  );
}

function SwitchedOff() {
  return (
    <Banner tone="warn" testId="alerts-off">
      This server sends alerts nowhere yet. Whoever runs it sets{" "}
      <code>ALERT_HOSTS</code> to the hosts of your webhooks (with{" "}
      <code>api.telegram.org</code> for Telegram), or <code>SMTP_URL</code> and
      {" "}
      <code>ALERT_MAIL_FROM</code> for e-mail, and starts it again.
    </Banner>
  );
}

function SigningSecret(
  { name, signingSecret }: { name: string; signingSecret: string },
) {
  return (
    <Banner tone="ok" testId="alert-secret">
      <p>
        {name}{" "}
        is stored. Its messages are signed with this secret, which is shown this
        once. Copy it into your receiver:
      </p>
      <p>
        <code class="secret-text" data-testid="signing-secret">
          {signingSecret}
        </code>
      </p>
    </Banner>
  );
}

function TestResult({ tested, deliveries, channels }: AlertsViewProps) {
  if (tested === null) return null;
  const found = Object.values(deliveries).flat().find(({ id }) =>
    id === tested
  );
  if (found === undefined) return null;
  const name = channels.find(({ id }) => id === found.channelId)?.name ??
    "the channel";
  return found.state === "delivered"
    ? (
      <Banner tone="ok" testId="alert-test">
        The test of {name} was delivered.
      </Banner>
    )
    : (
      <Banner tone="danger" testId="alert-test">
        The test of {name} did not arrive: {found.lastError}
      </Banner>
    );
}
