import type { ConfigWarning } from "../../../contracts/agent.ts";
import { plural } from "../../format.ts";
import { Glyph } from "../../Glyph.tsx";
import { configPointer, fieldName } from "../../spawn_form.ts";
import { fieldTitle } from "./posted_form.ts";

/** Everything that is wrong, with links to the fields. */
export function PlainErrors(
  { errors }: { errors: Readonly<Record<string, string>> },
) {
  const { "": whole, ...fields } = errors;
  const entries = Object.entries(fields);
  if (whole === undefined && entries.length === 0) return null;
  return (
    <div class="error-summary" role="alert" data-testid="error-summary">
      <p class="tone-danger">
        <Glyph name="cross" /> {whole ??
          `Nothing is spawned yet: ${plural(entries.length, "field")} to mend`}
      </p>
      {entries.length > 0 && (
        <ul class="plain-list">
          {entries.map(([pointer, detail]) => (
            <li key={pointer}>
              <a href={`#${fieldName(pointer)}`}>
                {fieldTitle(pointer)}: {detail}
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What to read before spawning, and the tick that says it was read. */
export function PlainWarnings(
  { warnings, acknowledged, isAsked }: {
    warnings: readonly ConfigWarning[];
    acknowledged: boolean;
    /** The tick was asked for: it takes the focus. */
    isAsked: boolean;
  },
) {
  if (warnings.length === 0) return null;
  return (
    <section
      class="warnings"
      id="warnings"
      data-testid="spawn-warnings"
      aria-label="Warnings"
    >
      <h2 class="tone-warn">
        <Glyph name="warn" /> Read before you spawn
      </h2>
      <ul class="plain-list">
        {warnings.map(({ pointer, code, detail }) => (
          <li key={`${pointer}-${code}`}>
            {detail}{" "}
            <a href={`#${fieldName(configPointer(pointer))}`}>
              Go to the field
            </a>
          </li>
        ))}
      </ul>
      <label class="tick">
        <input
          type="checkbox"
          name="acknowledge"
          value="on"
          checked={acknowledged}
          autofocus={isAsked && !acknowledged}
          data-testid="spawn-acknowledge"
        />
        <span>I understand</span>
      </label>
    </section>
  );
}
