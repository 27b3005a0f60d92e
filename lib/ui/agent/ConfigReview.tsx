import type { ConfigPreview } from "../../contracts/config_preview.ts";
import { Button } from "../Button.tsx";
import { offlineReason } from "../client/live.ts";
import { EmptyState } from "../Feedback.tsx";
import { Glyph } from "../Glyph.tsx";
import { ChangeTable } from "./ChangeTable.tsx";

/** What a change comes to, before it is saved. */
export function ConfigReview(
  { preview, isSaving, onBack, onSave }: {
    preview: ConfigPreview;
    isSaving: boolean;
    onBack: () => void;
    onSave: () => void;
  },
) {
  const { changes, errors, warnings, valid } = preview;
  const needsRestart = changes.some(({ effect }) => effect === "restart");
  return (
    <div class="config-review" data-testid="config-diff">
      {changes.length === 0
        ? <EmptyState title="This is what is stored already" />
        : (
          <ChangeTable
            changes={changes}
            caption="What would change"
            testId="config-diff-table"
          />
        )}
      {needsRestart && (
        <p class="muted">
          The agent takes fields that need a restart, and those saved with them,
          when it is restarted. Limits at the order desk do not wait.
        </p>
      )}
      <Remarks tone="danger" remarks={errors} />
      <Remarks tone="warn" remarks={warnings} />
      <div class="dialog-actions">
        <Button data-testid="config-back" onClick={onBack}>
          Back to editing
        </Button>
        <Button
          kind="primary"
          busy={isSaving}
          disabledReason={offlineReason() ??
            (!valid
              ? "The server does not take this; mend it first"
              : changes.length === 0
              ? "Nothing is changed"
              : null)}
          data-testid="config-save"
          onClick={onSave}
        >
          Save as version {preview.configVersion + 1}
        </Button>
      </div>
    </div>
  );
}

function Remarks(
  { tone, remarks }: {
    tone: "danger" | "warn";
    remarks: ConfigPreview["errors"];
  },
) {
  if (remarks.length === 0) return null;
  return (
    <ul class="config-errors plain-list">
      {remarks.map(({ pointer, code, detail }) => (
        <li
          key={`${pointer} ${code}`}
          class={tone === "danger" ? "field-error" : "field-warning"}
        >
          <Glyph name={tone === "danger" ? "cross" : "warn"} />
          <span>
            <code>{pointer}</code> {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}
