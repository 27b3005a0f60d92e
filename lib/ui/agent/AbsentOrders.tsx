import { type Signal, useSignal } from "@preact/signals";
import type { OpenOrderView } from "../../contracts/account.ts";
import type { AgentDetail } from "../../contracts/agent.ts";
import { Button } from "../Button.tsx";
import { explain } from "../client/api_client.ts";
import { api, offlineReason } from "../client/live.ts";
import { showToast } from "../client/toasts.ts";
import { Dialog } from "../Dialog.tsx";
import { Field } from "../Field.tsx";
import { formatQuantity } from "../format.ts";
import { FormError } from "../FormError.tsx";
import { type PanelUser, refusalOf } from "../roles.ts";
import { useProof } from "../settings/use_proof.tsx";

/** What the buttons and their dialog need. */
export interface AbsentOrdersProps {
  agent: AgentDetail;
  user: PanelUser;
}

/** For each order without an answer: a person who has looked may say that it is not at the exchange. */
export function AbsentOrders({ agent, user }: AbsentOrdersProps) {
  const asked = useSignal<OpenOrderView | null>(null);
  const { withProof, dialog } = useProof();
  const orders = (agent.account?.openOrders ?? [])
    .filter(({ phase }) => phase === "unknown");
  const close = () => asked.value = null;
  return (
    <>
      {orders.map((order) => (
        <p key={order.orderId}>
          <Button
            small
            disabledReason={refusalOf(user, "orders.settle") ??
              offlineReason()}
            data-testid={`absent-${order.orderId}`}
            onClick={() => asked.value = order}
          >
            {titleOf(order)} is not at the exchange…
          </Button>
        </p>
      ))}
      <Dialog
        label="Call an order absent"
        open={asked.value !== null}
        onClose={close}
        testId="absent-dialog"
      >
        {asked.value !== null && (
          <AbsentForm
            order={asked.value}
            onClose={close}
            onSend={(reason) =>
              withProof(() =>
                api.settleOrder(agent.id, asked.peek()!.orderId, reason)
              )}
          />
        )}
      </Dialog>
      {dialog}
    </>
  );
}

function titleOf({ role, side, quantity }: OpenOrderView): string {
  return `The ${role} to ${side} ${formatQuantity(quantity)}`;
}

function AbsentForm(
  { order, onClose, onSend }: {
    order: OpenOrderView;
    onClose: () => void;
    /** Null where the person has thought better of it. */
    onSend: (reason: string) => Promise<unknown>;
  },
) {
  const reason = useSignal("");
  const error = useSignal<string | null>(null);
  const busy = useSignal(false);
  const send = async () => {
    busy.value = true;
    error.value = null;
    try {
      if (await onSend(reason.value.trim()) === null) return;
      onClose();
      showToast(
        "ok",
        "The order counts as absent",
        `${titleOf(order)} is no exposure any more`,
      );
    } catch (failure) {
      error.value = explain(failure);
    } finally {
      busy.value = false;
    }
  };
  return (
    <form
      class="dialog-body"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (busy.value) return;
        if (reason.value.trim() === "") {
          error.value = "Say what you have seen at the exchange";
        } else void send();
      }}
    >
      <h2>{titleOf(order)} is not at the exchange?</h2>
      <p>
        Look at the exchange first: open orders, order history and trades, for
        {" "}
        <code>{order.clientOrderId ?? order.orderId}</code>. An order that is
        called absent counts as exposure no more, and its agent may trade again.
        The exchange is asked once more; what it knows holds.
      </p>
      <FormError message={error.value ?? undefined} />
      <ReasonField reason={reason} />
      <div class="dialog-actions">
        <Button onClick={onClose}>Cancel</Button>
        <Button
          type="submit"
          kind="danger"
          busy={busy.value}
          disabledReason={offlineReason()}
          data-testid="absent-submit"
        >
          It is not there
        </Button>
      </div>
    </form>
  );
}

function ReasonField({ reason }: { reason: Signal<string> }) {
  return (
    <Field
      name="absent-reason"
      label="What you have seen"
      help="Kept in the audit trail and with the agent's orders"
    >
      <input
        class="input"
        maxLength={200}
        value={reason.value}
        autofocus
        data-testid="absent-reason"
        onInput={(event) => reason.value = event.currentTarget.value}
      />
    </Field>
  );
}
