import { OnDemand } from "../OnDemand.tsx";
import type { Commands } from "./commands.ts";

/** What a command may bring up: the question before it, the proof of who gives it, the result of each agent. */
export function CommandDialogs({ commands }: { commands: Commands }) {
  const { pending, unproven, report } = commands;
  return (
    <>
      <OnDemand
        wanted={pending.value !== null}
        load={async () => (await import("./ConfirmDialog.tsx")).ConfirmDialog}
        props={{ commands }}
        onFailed={() => pending.value = null}
      />
      <OnDemand
        wanted={unproven.value !== null}
        load={async () =>
          (await import("../FreshProofDialog.tsx")).FreshProofDialog}
        props={{
          open: unproven.value !== null,
          goOn: unproven.value?.goOn ?? "Prove",
          onClose: () => unproven.value = null,
          onProve: (proof) => commands.prove(proof),
        }}
        onFailed={() => unproven.value = null}
      />
      <OnDemand
        wanted={report.value !== null}
        load={async () => (await import("./BatchResult.tsx")).BatchResult}
        props={{ commands }}
        onFailed={() => commands.tellReport()}
      />
    </>
  );
}
