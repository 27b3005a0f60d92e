import type { AgentType } from "../../contracts/agent_config.ts";
import { Glyph } from "../Glyph.tsx";
import type { FormBinding } from "../spawn/inputs.tsx";
import {
  draftChanges,
  type DraftError,
  editField,
  errorsByField,
  fieldValues,
} from "./config_draft.ts";
import type { ConfigSession } from "./config_session.ts";
import { ConfigFields, FIXED_FIELDS } from "./ConfigFields.tsx";

/** The draft as fields. */
export function DraftFields(
  { session, type }: { session: ConfigSession; type: AgentType },
) {
  const draft = session.draft.value;
  const form: FormBinding = {
    values: fieldValues(draft),
    errors: errorsByField(session.errors),
    warnings: {},
    changed: new Set(draftChanges(draft).map(({ pointer }) => pointer)),
    fixed: FIXED_FIELDS,
    dispatch: (action) => {
      if (action.type !== "edit") return;
      const { pointer, value } = action;
      session.edit(editField(session.draft.peek(), pointer, value));
    },
  };
  return <ConfigFields form={form} type={type} />;
}

/** Everything that is wrong with the draft, with its place. */
export function DraftErrors(
  { errors, withLines }: {
    errors: readonly DraftError[];
    /** Whether the text with these lines is in view. */
    withLines: boolean;
  },
) {
  return (
    <ul
      id="config-errors"
      class="config-errors plain-list"
      role="status"
      data-testid="config-errors"
    >
      {errors.map(({ pointer, line, detail }) => (
        <li key={`${pointer} ${detail}`} class="field-error">
          <Glyph name="cross" />
          <span>
            {withLines && line !== null && <strong>Line {line}</strong>}{" "}
            {pointer !== "" && <code>{pointer}</code>} {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}
