import { type Signal, useSignal } from "@preact/signals";
import type {
  ApiTokenCreated,
  ApiTokenRequest,
  ApiTokenView,
} from "../lib/contracts/api_token.ts";
import type { Action } from "../lib/contracts/policy.ts";
import { Button } from "../lib/ui/Button.tsx";
import { ApiProblem, isProofNeeded } from "../lib/ui/client/api_client.ts";
import { api, offlineReason } from "../lib/ui/client/live.ts";
import { formatDateTime, zoneName } from "../lib/ui/format.ts";
import { Failed } from "../lib/ui/Failed.tsx";
import { FreshProofDialog } from "../lib/ui/FreshProofDialog.tsx";
import { ConfirmDialog } from "../lib/ui/settings/ConfirmDialog.tsx";
import {
  changeList,
  type ListFailure,
} from "../lib/ui/settings/list_change.ts";
import { NewToken } from "../lib/ui/settings/NewToken.tsx";
import { TokenTable } from "../lib/ui/settings/TokenTable.tsx";

/** What the page of API tokens knows. */
export interface TokenDeskProps {
  tokens: readonly ApiTokenView[];
  scopes: readonly Action[];
}

type Errors = Readonly<Record<string, string>>;

/** API tokens of a person: make one, which is shown once, and revoke one. */
export default function TokenDesk(props: TokenDeskProps) {
  const desk = useDesk(props.tokens);
  const { tokens, made, wanted, revoking, errors, failure, busy } = desk;
  const offline = offlineReason();
  return (
    <>
      {failure.value !== null && (
        <Failed
          title={failure.value.title}
          error={failure.value.error}
          busy={busy.value}
          onRetry={failure.value.again}
        />
      )}
      {made.value !== null && (
        <MadeToken
          made={made.value}
          onDone={() => made.value = null}
        />
      )}
      <TokenTable
        tokens={tokens.value}
        refusal={offline}
        onRevoke={(token) => revoking.value = token}
      />
      {made.value === null && (
        <NewToken
          scopes={props.scopes}
          busy={busy.value}
          refusal={offline}
          errors={errors.value}
          onCreate={(request) => void desk.create(request)}
        />
      )}
      <FreshProofDialog
        open={wanted.value !== null}
        goOn="Make the token"
        onClose={() => wanted.value = null}
        onProve={async (proof) => {
          await api.stepUp(proof);
          const request = wanted.value;
          wanted.value = null;
          if (request !== null) await desk.create(request);
        }}
      />
      <ConfirmDialog
        label="Revoke this token?"
        open={revoking.value !== null}
        busy={busy.value}
        goOn="Revoke it"
        onClose={() => revoking.value = null}
        onConfirm={() => {
          const token = revoking.peek();
          revoking.value = null;
          if (token !== null) void desk.revoke(token);
        }}
      >
        <p>
          Programs that use “{revoking.value?.name ?? ""}” are refused at once.
        </p>
      </ConfirmDialog>
    </>
  );
}

/** What the page knows and does. */
function useDesk(initial: readonly ApiTokenView[]) {
  const tokens = useSignal(initial);
  const made = useSignal<ApiTokenCreated | null>(null);
  /** What waits for a fresh proof. */
  const wanted = useSignal<ApiTokenRequest | null>(null);
  const revoking = useSignal<ApiTokenView | null>(null);
  const errors: Signal<Errors> = useSignal<Errors>({});
  /** What could not be done, with the way to try it again; null where nothing failed. */
  const failure = useSignal<
    { title: string; error: unknown; again: () => void } | null
  >(null);
  const busy = useSignal(false);
  const attempt = async (
    title: string,
    go: () => Promise<ListFailure | null>,
  ): Promise<void> => {
    busy.value = true;
    errors.value = {};
    failure.value = null;
    const failed = await go();
    busy.value = false;
    if (failed === null) return;
    errors.value = errorsOf(failed.error);
    if (Object.keys(errors.value).length > 0) return;
    failure.value = {
      title: failed.part === "change" ? title : "The list could not be read",
      error: failed.error,
      again: () => void attempt(title, failed.again),
    };
  };
  const run = (title: string, change: () => Promise<void>) =>
    attempt(title, () =>
      changeList({
        change,
        read: async () => {
          tokens.value = (await api.apiTokens()).items;
        },
      }));
  return {
    tokens,
    made,
    wanted,
    revoking,
    errors,
    failure,
    busy,
    create: (request: ApiTokenRequest) =>
      run("The token could not be made", async () => {
        try {
          made.value = await api.createApiToken(request);
        } catch (error) {
          if (!isProofNeeded(error)) throw error;
          wanted.value = request;
        }
      }),
    revoke: (token: ApiTokenView) =>
      run("The token could not be revoked", async () => {
        await api.revokeApiToken(token.id);
      }),
  };
}

/** What is wrong with fields of the form; nothing where it is about something else. */
function errorsOf(error: unknown): Errors {
  const fields = error instanceof ApiProblem ? error.problem.errors ?? [] : [];
  const errors: Record<string, string> = {};
  for (const { pointer, detail } of fields) {
    errors[pointer.split("/")[1] ?? ""] ??= detail;
  }
  return errors;
}

/** The text of a new token, the only time that it is shown. */
function MadeToken(
  { made, onDone }: { made: ApiTokenCreated; onDone: () => void },
) {
  const copied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(made.token);
    copied.value = true;
  };
  return (
    <section class="card settings-form" aria-labelledby="token-made">
      <h2 id="token-made">Keep “{made.view.name}” now</h2>
      <p>
        It is not shown again. It works until{" "}
        {formatDateTime(Date.parse(made.view.expiresAt))}{" "}
        {zoneName()}; whoever has it can do what it was made for.
      </p>
      <p>
        <code class="token-text" data-testid="token-text">{made.token}</code>
      </p>
      <div class="settings-actions">
        <Button
          kind="primary"
          onClick={() => void copy()}
          data-testid="token-copy"
        >
          {copied.value ? "Copied" : "Copy"}
        </Button>
        <Button onClick={onDone} data-testid="token-done">I have it</Button>
      </div>
    </section>
  );
}
