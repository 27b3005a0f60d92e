import type { AlertChannelView } from "../../../contracts/alerts/channel.ts";
import {
  ALERT_CLASSES,
  ALERT_SEVERITIES,
} from "../../../contracts/alerts/classes.ts";
import type { Role } from "../../../contracts/policy.ts";
import { Button } from "../../Button.tsx";
import { Card } from "../../Card.tsx";
import { Field } from "../../Field.tsx";
import { FormError } from "../../FormError.tsx";
import { actionRefusal } from "../../roles.ts";
import { zoneGroups } from "../preference_words.ts";
import { classGroups, SEVERITY_WORDS } from "./alert_words.ts";
import type { RuleFields } from "./rule_fields.ts";

/** A rule as a form that works by itself. */
export function RuleForm(
  { fields, channels, role, errors }: {
    fields: RuleFields;
    channels: readonly AlertChannelView[];
    role: Role;
    errors: Readonly<Record<string, string>>;
  },
) {
  const isNew = fields.id === "";
  return (
    <Card title={isNew ? "Add a rule" : "Change the rule"} id="rule">
      <form
        class="settings-form"
        method="post"
        action="/settings/alerts"
        noValidate
        data-testid="rule-form"
      >
        <input type="hidden" name="rule" value={fields.id} />
        <FormError message={errors[""]} />
        <ClassChoices fields={fields} error={errors["classes"]} />
        <Field
          name="leastSeverity"
          label="Least severity"
          help="Milder alerts are not sent"
          error={errors["leastSeverity"] ?? null}
        >
          <select class="select" name="leastSeverity">
            {ALERT_SEVERITIES.map((severity) => (
              <option
                key={severity}
                value={severity}
                selected={severity === fields.leastSeverity}
              >
                {SEVERITY_WORDS[severity]}
              </option>
            ))}
          </select>
        </Field>
        <ChannelChoices
          fields={fields}
          channels={channels}
          error={errors["channelIds"]}
        />
        <ScopeChoice fields={fields} role={role} />
        <QuietChoice fields={fields} errors={errors} />
        <Button
          type="submit"
          kind="primary"
          name="action"
          value="save-rule"
          data-testid="rule-save"
        >
          {isNew ? "Add the rule" : "Save the rule"}
        </Button>
        {!isNew && <a href="/settings/alerts">Leave it as it was</a>}
      </form>
    </Card>
  );
}

function ClassChoices(
  { fields, error }: { fields: RuleFields; error: string | undefined },
) {
  return (
    <fieldset class="scope-choices" {...describedBy("classes", error)}>
      <legend>What to tell</legend>
      {classGroups().map(({ group, classes }) => (
        <div
          key={group}
          role="group"
          aria-label={group}
          class="alert-classes"
        >
          <p class="alert-group" aria-hidden="true">{group}</p>
          <div class="scope-list">
            {classes.map((name) => (
              <label key={name} title={ALERT_CLASSES[name].when}>
                <input
                  type="checkbox"
                  name={`class-${name}`}
                  checked={fields.classes.includes(name)}
                  data-testid={`class-${name}`}
                />{" "}
                {ALERT_CLASSES[name].label}
              </label>
            ))}
          </div>
        </div>
      ))}
      <Wrong name="classes" error={error} />
    </fieldset>
  );
}

function ChannelChoices(
  { fields, channels, error }: {
    fields: RuleFields;
    channels: readonly AlertChannelView[];
    error: string | undefined;
  },
) {
  return (
    <fieldset class="scope-choices" {...describedBy("channelIds", error)}>
      <legend>By which channels</legend>
      <div class="scope-list">
        {channels.map(({ id, name }) => (
          <label key={id}>
            <input
              type="checkbox"
              name={`channel-${id}`}
              checked={fields.channelIds.includes(id)}
              data-testid={`rule-channel-${name}`}
            />{" "}
            {name}
          </label>
        ))}
      </div>
      <Wrong name="channelIds" error={error} />
    </fieldset>
  );
}

function ScopeChoice({ fields, role }: { fields: RuleFields; role: Role }) {
  const refusal = actionRefusal(role, "alerts.all");
  return (
    <Field
      name="scope"
      label="Of whose agents and account"
      help={refusal === null
        ? "What concerns the whole server is told either way"
        : `What concerns the whole server is told either way. Everybody's: ${refusal}`}
    >
      <select class="select" name="scope">
        <option value="own" selected={fields.scope === "own"}>
          My own
        </option>
        <option
          value="all"
          selected={fields.scope === "all"}
          disabled={refusal !== null}
        >
          Everybody's
        </option>
      </select>
    </Field>
  );
}

function QuietChoice(
  { fields, errors }: {
    fields: RuleFields;
    errors: Readonly<Record<string, string>>;
  },
) {
  return (
    <fieldset class="scope-choices">
      <legend>Quiet hours</legend>
      <div class="tick">
        <input
          type="checkbox"
          id="quiet"
          name="quiet"
          aria-describedby="quiet-help"
          checked={fields.hasQuietHours}
          data-testid="field-quiet"
        />
        <label for="quiet">Keep quiet every day</label>
        <p class="field-help" id="quiet-help">
          Only critical alerts go out then; the others come afterwards as one
          message.
        </p>
      </div>
      <div class="alert-quiet">
        <Field
          name="from"
          label="From"
          error={errors["quietHours/from"] ?? null}
        >
          <input class="input" type="time" name="from" value={fields.from} />
        </Field>
        <Field name="to" label="To" error={errors["quietHours/to"] ?? null}>
          <input class="input" type="time" name="to" value={fields.to} />
        </Field>
        <Field
          name="timeZone"
          label="Time zone"
          error={errors["quietHours/timeZone"] ?? null}
        >
          <select class="select" name="timeZone">
            <option value="UTC" selected={fields.timeZone === "UTC"}>
              UTC
            </option>
            {zoneGroups(fields.timeZone).map(({ label, zones }) => (
              <optgroup key={label} label={label}>
                {zones.map((zone) => (
                  <option
                    key={zone}
                    value={zone}
                    selected={zone === fields.timeZone}
                  >
                    {zone.split("/").slice(1).join(" · ").replaceAll("_", " ")}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </Field>
      </div>
    </fieldset>
  );
}

function describedBy(name: string, error: string | undefined) {
  return error === undefined ? {} : { "aria-describedby": `${name}-error` };
}

function Wrong({ name, error }: { name: string; error: string | undefined }) {
  if (error === undefined) return null;
  return (
    <p class="field-error" id={`${name}-error`} data-testid={`error-${name}`}>
      {error}
    </p>
  );
}
