import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { AgentDetail } from "../../contracts/agent.ts";
import type { AgentConfig } from "../../contracts/agent_config.ts";
import { Button } from "../Button.tsx";
import { api, offlineReason } from "../client/live.ts";
import { Banner } from "../Feedback.tsx";
import { FreshProofDialog } from "../FreshProofDialog.tsx";
import { plural } from "../format.ts";
import { draftChanges, editJson } from "./config_draft.ts";
import { useConfigSaver } from "./config_saver.ts";
import { ConfigSession } from "./config_session.ts";
import { ConfigMerge } from "./ConfigMerge.tsx";
import { ConfigReview } from "./ConfigReview.tsx";
import { DraftErrors, DraftFields } from "./DraftFields.tsx";

/** What the editor needs. */
export interface ConfigEditorProps {
  agent: AgentDetail;
  /** An earlier version that is to be stored again; null to begin with what is stored. */
  restored: { configVersion: number; config: AgentConfig } | null;
  onClose: () => void;
  onSaved: () => void;
}

/** Edits a whole configuration against the version that was seen; a change by somebody else is shown, never overwritten silently. */
export function ConfigEditor(
  { agent, restored, onClose, onSaved }: ConfigEditorProps,
) {
  // What was seen when editing began: later updates of the page do not move the base.
  const session = useMemo(
    () =>
      new ConfigSession(api, {
        id: agent.id,
        base: { configVersion: agent.configVersion, config: agent.config },
        ...(restored === null ? {} : { value: restored.config }),
      }),
    [],
  );
  useEffect(() => {
    if (restored !== null) void session.review();
  }, []);
  const saver = useConfigSaver({
    onSaved,
    onRefused: (error) => session.takeRefusal(error),
  });
  const stage = session.stage.value;
  // Each stage begins at its head, also where the one before was long.
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    head.current?.focus({ preventScroll: true });
    head.current?.scrollIntoView({ block: "center" });
  }, [stage.kind]);
  const { base } = session.draft.value;
  return (
    <section
      class="config-editor"
      aria-label="Edit the configuration"
      data-testid="config-editor"
    >
      <div class="tab-head">
        <h3 ref={head} tabIndex={-1}>
          {restored === null
            ? `Edit version ${base.configVersion}`
            : `Restore version ${restored.configVersion}`}
        </h3>
      </div>
      {session.failure.value !== null && (
        <Banner tone="danger" testId="config-failure">
          {session.failure.value}
        </Banner>
      )}
      {stage.kind === "edit" && (
        <DraftForm session={session} type={agent.type} onClose={onClose} />
      )}
      {stage.kind === "review" && (
        <ConfigReview
          preview={stage.preview}
          isSaving={saver.isSaving}
          onBack={() => session.back()}
          onSave={() =>
            void saver.save({
              onto: { id: agent.id, configVersion: base.configVersion },
              config: stage.config,
            })}
        />
      )}
      {stage.kind === "merge" && (
        <ConfigMerge
          base={base}
          theirs={stage.theirs}
          yours={stage.yours}
          onMerged={(config) => void session.takeMerged(stage.theirs, config)}
          onTheirs={onClose}
        />
      )}
      <FreshProofDialog
        open={saver.isUnproven}
        goOn="Prove and save"
        onClose={saver.giveUp}
        onProve={saver.prove}
      />
    </section>
  );
}

function DraftForm(
  { session, type, onClose }: {
    session: ConfigSession;
    type: AgentDetail["type"];
    onClose: () => void;
  },
) {
  const view = useSignal<"form" | "json">("form");
  const draft = session.draft.value;
  const { errors } = session;
  const changes = draftChanges(draft);
  const isJson = view.value === "json" || draft.fault !== null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void session.review();
      }}
    >
      <div class="pills" role="group" aria-label="View">
        {(["form", "json"] as const).map((kind) => (
          <button
            key={kind}
            type="button"
            class="pill"
            aria-pressed={isJson === (kind === "json") ? "true" : "false"}
            data-testid={`config-view-${kind}`}
            onClick={() => view.value = kind}
          >
            {kind === "form" ? "Form" : "JSON"}
          </button>
        ))}
      </div>
      {isJson
        ? (
          <JsonEditor
            text={draft.json}
            hasErrors={errors.length > 0}
            onText={(text) =>
              session.edit(editJson(session.draft.peek(), text))}
          />
        )
        : <DraftFields session={session} type={type} />}
      <DraftErrors errors={errors} withLines={isJson} />
      <div class="dialog-actions">
        <span class="muted" role="status" data-testid="config-changes">
          {changes.length === 0
            ? "Nothing is changed"
            : `${plural(changes.length, "field")} changed`}
        </span>
        <Button data-testid="config-cancel" onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          kind="primary"
          busy={session.isBusy.value}
          disabledReason={offlineReason() ??
            (errors.length > 0
              ? "Mend what is wrong first"
              : changes.length === 0
              ? "Nothing is changed"
              : null)}
          data-testid="config-review"
        >
          Review changes…
        </Button>
      </div>
    </form>
  );
}

function JsonEditor(
  { text, hasErrors, onText }: {
    text: string;
    hasErrors: boolean;
    onText: (text: string) => void;
  },
) {
  return (
    <textarea
      class="json-editor"
      spellcheck={false}
      autocomplete="off"
      rows={24}
      aria-label="Configuration as JSON"
      aria-describedby="config-errors"
      {...(hasErrors ? { "aria-invalid": "true" as const } : {})}
      data-testid="config-json-text"
      value={text}
      onInput={(event) => onText(event.currentTarget.value)}
    />
  );
}
