import type { ComponentChildren } from "preact";
import {
  BROWSER_ZONE,
  type Preferences,
} from "../../contracts/preference_values.ts";
import { Button } from "../Button.tsx";
import { Card } from "../Card.tsx";
import { Field } from "../Field.tsx";
import { CHOICES, zoneGroups } from "./preference_words.ts";

/** The preferences as a form that works by itself. */
export function PreferencesForm(
  { preferences, live }: {
    preferences: Preferences;
    /** What makes changes hold at once, and shows them. */
    live: ComponentChildren;
  },
) {
  return (
    <form class="settings-form" method="post" data-testid="preferences-form">
      <Card title="How it looks">
        <div class="preferences">
          {CHOICES.map((choice) => (
            <Field
              key={choice.name}
              name={choice.name}
              label={choice.label}
              help={choice.help}
            >
              <select class="select" name={choice.name}>
                {choice.options.map(({ value, label }) => (
                  <option
                    key={value}
                    value={value}
                    selected={value === String(preferences[choice.name])}
                  >
                    {label}
                  </option>
                ))}
              </select>
            </Field>
          ))}
          <ZoneField timeZone={preferences.timeZone} />
        </div>
        {live}
      </Card>
      <Card title="Keyboard">
        <div class="tick">
          <input
            type="checkbox"
            id="shortcuts"
            name="shortcuts"
            aria-describedby="shortcuts-help"
            checked={preferences.shortcuts}
            data-testid="field-shortcuts"
          />
          <label for="shortcuts">Single keys are shortcuts</label>
          <p class="field-help" id="shortcuts-help">
            ? shows the list. Ctrl+K and Esc work either way, and no single key
            stops or kills.
          </p>
        </div>
      </Card>
      <p class="only-without-script">
        <Button type="submit" kind="primary" data-testid="preferences-save">
          Save
        </Button>
      </p>
    </form>
  );
}

function ZoneField({ timeZone }: Pick<Preferences, "timeZone">) {
  return (
    <Field
      name="timeZone"
      label="Time zone"
      help="Of every time that is shown but those of candles, charts and backtests, which are in UTC"
    >
      <select class="select" name="timeZone">
        <option value="UTC" selected={timeZone === "UTC"}>UTC</option>
        <option value={BROWSER_ZONE} selected={timeZone === BROWSER_ZONE}>
          As the browser
        </option>
        {zoneGroups(timeZone).map(({ label, zones }) => (
          <optgroup key={label} label={label}>
            {zones.map((zone) => (
              <option key={zone} value={zone} selected={timeZone === zone}>
                {zone.split("/").slice(1).join(" · ").replaceAll("_", " ")}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </Field>
  );
}
