import type { AgentView, ControlAction } from "../../contracts/agent.ts";
import { AgentModeBadge } from "../Badge.tsx";
import { Banner } from "../Feedback.tsx";
import { Field } from "../Field.tsx";
import { StateChip } from "../StateChip.tsx";
import { ACTION_WORDS } from "./actions.ts";
import { ExposureNote } from "./ExposureNote.tsx";

/** Commands that a plain page asks for. */
export type PageAction = Extract<
  ControlAction,
  "start" | "pause" | "resume" | "stop"
>;

/** Whether a text names one. */
export function isPageAction(text: string): text is PageAction {
  return text === "start" || text === "pause" || text === "resume" ||
    text === "stop";
}

/** The question before a command to one agent, as a page of its own. */
export function ControlQuestion(
  { agent, action, reason, refusal }: {
    agent: AgentView;
    action: PageAction;
    reason: string;
    refusal: string | null;
  },
) {
  const { label, meaning } = ACTION_WORDS[action];
  return (
    <div class="control-page" data-testid="control-page">
      <h1 class="page-title">{label} {agent.name}?</h1>
      <p class="control-state">
        <StateChip agent={agent} /> <AgentModeBadge agent={agent} />
      </p>
      <p>
        {meaning}. <ExposureNote agents={[agent]} />
      </p>
      {refusal !== null && (
        <Banner tone="danger" testId="control-refusal">{refusal}</Banner>
      )}
      <form method="post" class="control-form" action="/agent-control">
        <input type="hidden" name="agent" value={agent.id} />
        <input type="hidden" name="action" value={action} />
        {action === "stop" && <PositionChoice mode={agent.mode} />}
        <Field
          name="reason"
          label="Reason"
          unit="optional"
          help="Kept with the agent's history"
        >
          <input class="input" name="reason" maxLength={200} value={reason} />
        </Field>
        <div class="dialog-actions">
          <a class="btn btn-default" href="/">Cancel</a>
          <button
            type="submit"
            class={action === "stop" ? "btn btn-danger" : "btn btn-primary"}
            data-testid="control-submit"
          >
            {label} agent
          </button>
        </div>
      </form>
    </div>
  );
}

function PositionChoice({ mode }: { mode: AgentView["mode"] }) {
  return (
    <fieldset class="choices">
      <legend>Open positions</legend>
      <label class="choice">
        <input type="radio" name="positions" value="close" checked />
        {mode === "live"
          ? "Close at the market, with real orders"
          : "Close at the last market price"}
      </label>
      <label class="choice">
        <input type="radio" name="positions" value="keep" />
        Keep, with stop and target in place
      </label>
    </fieldset>
  );
}
