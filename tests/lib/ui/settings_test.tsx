import { equal, ok } from "node:assert/strict";
import { render } from "preact-render-to-string";
import type { ExchangeKeyView } from "../../../lib/contracts/exchange_key.ts";
import {
  FactorView,
  type FactorViewProps,
} from "../../../lib/ui/settings/FactorView.tsx";
import {
  KeysView,
  type KeysViewProps,
} from "../../../lib/ui/settings/KeysView.tsx";
import type { PasskeyButton } from "../../../lib/ui/passkey_button.ts";
import { ACTIONS } from "../../../lib/contracts/policy.ts";
import { RolesView } from "../../../lib/ui/settings/RolesView.tsx";
import { Shell } from "../../../lib/ui/Shell.tsx";

const KEY: ExchangeKeyView = {
  id: "key_1",
  ownerId: "u",
  label: "main",
  exchange: "kraken",
  apiKeyEnd: "7f3a",
  status: "unverified",
  statusDetail: "kraken does not tell whether the key may withdraw",
  rights: {
    canRead: true,
    canTrade: true,
    canWithdraw: null,
    canTransfer: false,
    isAddressBound: false,
  },
  verifiedAt: null,
  isLiveAllowed: false,
  createdAt: 1,
  lastUsedAt: null,
};
const ENROLLED = {
  isEnrolled: true,
  passkeys: 0,
  recoveryCodesLeft: 10,
  freshUntil: null,
};
const FRESH = { ...ENROLLED, freshUntil: "2026-01-02T03:04:05.000Z" };

const ONLY_PASSKEY = { ...ENROLLED, isEnrolled: false, passkeys: 1 };

const passkeyButton: PasskeyButton = ({ label, isOnly }) => (
  <button type="button" data-only={String(isOnly)}>passkey: {label}</button>
);

function keys(change: Partial<KeysViewProps>): string {
  return render(
    <KeysView
      keys={[KEY]}
      others={[]}
      role="admin"
      isLiveArmed
      factor={ENROLLED}
      kept={{ label: "", exchange: "" }}
      isAdding={false}
      rotating={null}
      proof={null}
      errors={{}}
      done={null}
      doneKey={null}
      passkeyButton={passkeyButton}
      {...change}
    />,
  );
}

function factor(change: Partial<FactorViewProps>): string {
  return render(
    <FactorView
      factor={{
        isEnrolled: false,
        passkeys: 0,
        recoveryCodesLeft: 0,
        freshUntil: null,
      }}
      enrolment={null}
      isConfirming={false}
      recoveryCodes={null}
      isRemoved={false}
      usedRecoveryCode={false}
      next="/"
      errors={{}}
      passkeyButton={passkeyButton({ label: "Begin", isOnly: true })}
      {...change}
    />,
  );
}

Deno.test("KeysView says what the exchange did not tell, and why a key cannot trade live", () => {
  const html = keys({});
  ok(html.includes("…7f3a"));
  ok(html.includes("does not tell whether"));
  ok(html.includes("not told"));
  ok(html.includes("Only a verified key can trade live"));
  ok(!/undefined|NaN|null/.test(html));
});

Deno.test("KeysView says in every state what to do next", () => {
  ok(keys({ keys: [] }).includes("You have no exchange key yet"));
  ok(keys({ isLiveArmed: false }).includes("TRADING_MODE=live"));
  const without = { ...ENROLLED, isEnrolled: false };
  ok(keys({ factor: without }).includes("/settings/second-factor"));
  ok(keys({ role: "trader" }).includes("Needs role risk"));
  ok(keys({ done: "tested", doneKey: "key_1" }).includes("main was tested"));
  ok(keys({ errors: { "": "is used by an agent" } }).includes("is used by"));
});

Deno.test("KeysView shows an admin the keys of others with their owners, and only takes them away", () => {
  ok(!keys({}).includes("Keys of others"));
  const view = { ...KEY, id: "key_2", ownerId: "v", label: "spot" };
  const html = keys({ others: [{ view, owner: "ada@example.com" }] });
  const others = html.slice(html.indexOf("Keys of others"));
  ok(others.includes("ada@example.com") && others.includes("…7f3a"));
  ok(/name="key" value="key_2"/.test(others));
  ok(others.includes('value="revoke"'));
  ok(!/value="(test|allow|forbid)"/.test(others));
});

Deno.test("KeysView asks for the proof first and for secrets after it, and fills no secret in", () => {
  const kept = { label: "main", exchange: "kraken" };
  const first = keys({ kept, isAdding: true });
  ok(first.includes('name="code"') && !first.includes('name="secret"'));
  ok(first.includes('value="kraken"'), "what was chosen is kept");
  const then = keys({
    kept,
    isAdding: true,
    factor: FRESH,
    errors: { secret: "Paste the secret" },
  });
  ok(!then.includes('name="code"') && then.includes('name="secret"'));
  ok(then.includes("Paste the secret"));
  ok(/<input[^>]*name="apiKey"[^>]*>/.test(then));
  ok(!/<input[^>]*name="apiKey"[^>]*value=/.test(then));
});

Deno.test("KeysView keeps what was wanted while it asks for a proof", () => {
  const html = keys({ proof: { action: "allow", key: "key_1" } });
  ok(html.includes("Allow main for live trading"));
  ok(/name="wish" value="allow"/.test(html));
  ok(/name="key" value="key_1"/.test(html));
  equal(html.match(/name="code"/g)?.length, 1, "one code is asked for");
});

Deno.test("KeysView asks for the proof first and for new secrets after it when a key is rotated, and for nothing else", () => {
  const first = keys({ rotating: "key_1" });
  ok(first.includes("Replace the secrets of main"));
  ok(/name="wish" value="rotate"/.test(first));
  ok(!first.includes('name="secret"') && !first.includes("key-add-form"));
  const then = keys({
    rotating: "key_1",
    factor: FRESH,
    errors: { "": "The old key stays", secret: "Paste the secret" },
  });
  ok(/name="action" value="rotate"/.test(then));
  ok(/name="key" value="key_1"/.test(then) && then.includes('name="secret"'));
  ok(then.includes("Paste the secret"));
  equal(then.match(/The old key stays/g)?.length, 1);
  ok(!keys({ rotating: "key_of_another" }).includes("key-rotate-form"));
  const none = { ...ENROLLED, isEnrolled: false };
  const noFactor = keys({ rotating: "key_1", factor: none });
  ok(noFactor.includes("factor-needed"));
  ok(!noFactor.includes("key-rotate-form"));
});

Deno.test("KeysView takes a passkey in place of a code, and beside one", () => {
  const only = keys({ factor: ONLY_PASSKEY, isAdding: true });
  ok(!only.includes('name="code"') && !only.includes("factor-needed"));
  ok(/passkey: Continue with a passkey/.test(only));
  ok(/data-only="true"/.test(only) && /value="prove"/.test(only));
  const allow = { action: "allow", key: "key_1" } as const;
  const refused = keys({
    factor: ONLY_PASSKEY,
    proof: allow,
    errors: { code: "Prove it" },
  });
  ok(/passkey: Allow live trading with/.test(refused));
  ok(/Prove it/.test(refused), "a refusal is shown without the field");
  const both = keys({ factor: { ...ENROLLED, passkeys: 1 }, proof: allow });
  ok(both.includes('name="code"') && both.includes("passkey: Use a passkey"));
  ok(!keys({ proof: allow }).includes("passkey:"));
});

Deno.test("FactorView begins with a passkey of who has one, unless they proved it", () => {
  const begun = factor({ factor: ONLY_PASSKEY });
  ok(begun.includes("passkey: Begin") && !begun.includes('factor-enrol"'));
  const fresh = { ...ONLY_PASSKEY, freshUntil: FRESH.freshUntil };
  ok(!factor({ factor: fresh }).includes("passkey:"));
  const errors = { code: "Prove that it is you" };
  ok(factor({ factor: ONLY_PASSKEY, errors }).includes(errors.code));
});

Deno.test("FactorView shows secret and QR code once, then codes, then the state", () => {
  const enrolment = {
    secret: "ABCDEFGH",
    uri: "otpauth://totp/SMC:me?secret=ABCDEFGH&issuer=SMC",
  };
  const begun = factor({ enrolment, isConfirming: true });
  ok(begun.includes("ABCD EFGH") && begun.includes('<svg class="qr"'));
  const wrong = factor({
    isConfirming: true,
    errors: { code: "The code is wrong" },
  });
  ok(wrong.includes("The code is wrong") && !wrong.includes("ABCD"));
  ok(factor({ recoveryCodes: ["ab1cd-2ef3g"] }).includes("ab1cd-2ef3g"));
  ok(factor({ factor: FRESH }).includes("proven until 03:04:05 UTC"));
  ok(factor({ factor: { ...FRESH, recoveryCodesLeft: 1 } }).includes("1 rec"));
  ok(factor({ isRemoved: true }).includes("is removed"));
});

Deno.test("RolesView says what every role may do to what, and marks one's own", () => {
  const html = render(<RolesView role="trader" />);
  const row = (action: string) =>
    html.split("<tr").find((part) => part.includes(`role-row-${action}"`)) ??
      "";
  for (const action of ACTIONS) ok(row(action) !== "", action);
  const remove = row("agents.delete");
  equal(remove.match(/your own/g)?.length, 1);
  equal(remove.match(/anybody&#39;s|anybody's/g)?.length, 2);
  ok(row("keys.add").includes("always"));
  ok(row("agents.stop").includes(">yes<"));
  equal(html.match(/aria-current="true"/g)?.length, 1);
  ok(/aria-current="true"[^>]*>Trader/.test(html));
});

Deno.test("Shell says LIVE in a process that may trade real money, and only there", () => {
  const shell = (isLiveArmed: boolean) =>
    render(
      <Shell
        user={{ email: "me@example.com", role: "admin" }}
        path="/settings/keys"
        isLiveArmed={isLiveArmed}
        tools={null}
        notice={null}
      >
        content
      </Shell>,
    );
  ok(shell(true).includes("LIVE") && shell(true).includes("bar-live"));
  ok(!shell(false).includes("LIVE"));
});
