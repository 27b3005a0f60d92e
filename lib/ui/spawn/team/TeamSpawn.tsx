import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { TeamTemplate, TeamView } from "../../../contracts/team.ts";
import { api } from "../../client/live.ts";
import { Dialog } from "../../Dialog.tsx";
import { quoteOf } from "../../format.ts";
import { FreshProofDialog } from "../../FreshProofDialog.tsx";
import { STEP_TITLES } from "../../spawn_form.ts";
import { MarketFields } from "../BasicsStep.tsx";
import {
  CloseQuestion,
  ErrorSummary,
  SpawnHeader,
  StepList,
} from "../DialogParts.tsx";
import { FeedChoice } from "../FeedChoice.tsx";
import { type FormBinding, TextInput } from "../inputs.tsx";
import { KeyChoice } from "../KeyChoice.tsx";
import { isLiveForm } from "../live_rules.ts";
import { RiskStep } from "../RiskStep.tsx";
import { SpawnFooter } from "../SpawnFooter.tsx";
import { SpawnSummary } from "../SpawnSummary.tsx";
import { textOf, toTeamRequest } from "./team_form.ts";
import { TeamReview } from "./TeamReview.tsx";
import { TeamSession } from "./team_session.ts";

/** What the form of a team needs of the dialog around it. */
export interface TeamSpawnProps {
  template: TeamTemplate;
  /** Names of teams that are taken. */
  names: readonly string[];
  /** Why nobody of this role may spawn, or null. */
  refusal: string | null;
  /** Why live cannot be chosen, or null. */
  liveRefusal: string | null;
  onBack: () => void;
  onClose: () => void;
  onSpawned: (team: TeamView) => void;
}

/** Configures and spawns a team in three steps, inside the spawn dialog. */
export function TeamSpawn(props: TeamSpawnProps) {
  const { template, names, refusal, onBack, onClose, onSpawned } = props;
  const session = useMemo(
    () => new TeamSession({ api, template, names, onBack, onSpawned }),
    [],
  );
  useEffect(() => session.start(), []);
  const asksToClose = useSignal(false);
  const form = session.form.value;
  const requestClose = () => {
    if (session.isDirty) asksToClose.value = true;
    else onClose();
  };
  return (
    <Dialog
      label="Spawn team"
      open
      onClose={requestClose}
      size="full"
      testId="spawn-dialog"
    >
      <form
        class="spawn"
        noValidate
        data-testid="team-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (session.sending.value || session.waiting.value) return;
          if (form.step === "review") void session.submit();
          else void session.next();
        }}
      >
        <SpawnHeader
          session={session}
          liveRefusal={props.liveRefusal}
          onClose={requestClose}
        />
        <div class="spawn-columns">
          <StepList session={session} />
          <TeamPanel session={session} template={template} />
          <SpawnSummary
            validation={session.check.validation.value}
            checking={session.check.checking.value}
            failure={session.check.failure.value}
            unit={quoteOf(textOf(form.values, "/symbol"))}
            isLive={isLiveForm(form.values)}
            input={toTeamRequest(form)}
          />
        </div>
        <SpawnFooter session={session} refusal={refusal} />
      </form>
      <FreshProofDialog
        open={session.live.isProofAsked.value}
        goOn="Prove and spawn"
        onClose={() => session.live.isProofAsked.value = false}
        onProve={(proof) => session.prove(proof)}
      />
      <CloseQuestion
        open={asksToClose.value}
        onStay={() => asksToClose.value = false}
        onDiscard={onClose}
      />
    </Dialog>
  );
}

function TeamPanel(
  { session, template }: { session: TeamSession; template: TeamTemplate },
) {
  const heading = useRef<HTMLHeadingElement>(null);
  const { step } = session.form.value;
  useEffect(() => heading.current?.focus(), [step]);
  return (
    <div class="spawn-form" data-testid="spawn-step" data-step={step}>
      <h3 ref={heading} tabIndex={-1}>
        {step === "basics" ? template.title : STEP_TITLES[step]}
      </h3>
      <ErrorSummary session={session} />
      <TeamFields session={session} template={template} />
    </div>
  );
}

function TeamFields(
  { session, template }: { session: TeamSession; template: TeamTemplate },
) {
  const { step, values, acknowledged } = session.form.value;
  const form: FormBinding = {
    values,
    errors: session.shown.value,
    warnings: {},
    dispatch: session.dispatch,
  };
  if (step === "risk") {
    return (
      <>
        <p class="step-intro">
          Limits that you change here hold for every agent of the team; the
          others stay as the template has them for each.
        </p>
        <RiskStep form={form} />
      </>
    );
  }
  if (step === "review") {
    return (
      <TeamReview
        form={form}
        check={session.check.validation.value}
        acknowledged={acknowledged}
      />
    );
  }
  return (
    <>
      <p class="step-intro">{template.purpose}</p>
      <TextInput
        form={form}
        pointer="/name"
        label="Team name"
        hint="btc"
        help={`Its agents are named after it: ${
          template.members.map(({ role }) =>
            `${textOf(values, "/name") || "btc"} ${role}`
          ).join(", ")
        }`}
      />
      <MarketFields form={form} />
      <FeedChoice form={form} candleFiles={session.candleFiles.value} />
      {isLiveForm(values) && <KeyChoice form={form} live={session.live} />}
    </>
  );
}
