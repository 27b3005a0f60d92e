import type { AlertChannelView } from "../../../contracts/alerts/channel.ts";
import type { AlertRule } from "../../../contracts/alerts/rule.ts";
import { Button } from "../../Button.tsx";
import { EmptyState } from "../../Feedback.tsx";
import { classesWord, SEVERITY_WORDS } from "./alert_words.ts";

/** Rules of a person. */
export function RuleList(
  { rules, channels }: {
    rules: readonly AlertRule[];
    channels: readonly AlertChannelView[];
  },
) {
  if (rules.length === 0) {
    return (
      <EmptyState title="You have no rule yet, so nothing is sent">
        <p>
          {channels.length === 0
            ? "Add a channel first; then a rule says what is sent by it."
            : "A rule says what is sent, by which channels, and when not."}
        </p>
      </EmptyState>
    );
  }
  const nameOf = (id: string) =>
    channels.find((channel) => channel.id === id)?.name ?? id;
  return (
    <ul class="alert-rules" data-testid="rules">
      {rules.map((rule, index) => (
        <li key={rule.id} class="card key-card">
          <p>
            <strong>{classesWord(rule)}</strong>
          </p>
          <p class="muted">
            {SEVERITY_WORDS[rule.leastSeverity]} and worse, of{" "}
            {rule.scope === "all" ? "everybody's" : "my own"} agents, by{" "}
            {rule.channelIds.map(nameOf).join(", ")}
            {rule.quietHours === null
              ? ""
              : `; quiet from ${rule.quietHours.from} to ${rule.quietHours.to} (${rule.quietHours.timeZone})`}
          </p>
          <div class="key-actions">
            <a
              class="btn btn-default"
              href={`/settings/alerts?rule=${rule.id}#rule`}
              aria-label={`Change rule ${index + 1}`}
            >
              Change
            </a>
            <form method="post" action="/settings/alerts">
              <input type="hidden" name="rule" value={rule.id} />
              <Button
                type="submit"
                kind="danger"
                name="action"
                value="remove-rule"
                aria-label={`Remove rule ${index + 1}`}
                data-testid="rule-remove"
              >
                Remove
              </Button>
            </form>
          </div>
        </li>
      ))}
    </ul>
  );
}
