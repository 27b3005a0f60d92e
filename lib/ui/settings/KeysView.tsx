import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import type { Role } from "../../contracts/policy.ts";
import type { SecondFactorView } from "../../contracts/second_factor.ts";
import { hasSecondFactor } from "../../contracts/proof_ways.ts";
import { Banner, EmptyState } from "../Feedback.tsx";
import { FormError } from "../FormError.tsx";
import type { PasskeyButton } from "../passkey_button.ts";
import { KeyCard } from "./KeyCard.tsx";
import { AddKey, KeyProof } from "./KeyForms.tsx";
import { OthersKeys, type OwnedKey } from "./OthersKeys.tsx";
import type { KeyWish } from "./key_wish.ts";
import { RotateKey } from "./RotateKey.tsx";

/** What the page of exchange keys knows. */
export interface KeysViewProps {
  keys: readonly ExchangeKeyView[];
  /** Those of everybody else, for who may see them. */
  others: readonly OwnedKey[];
  role: Role;
  isLiveArmed: boolean;
  factor: SecondFactorView;
  /** What was typed that is no secret. */
  kept: { label: string; exchange: string };
  /** The person is adding a key. */
  isAdding: boolean;
  /** The key whose secrets are being replaced, or null. */
  rotating: string | null;
  /** What a fresh proof is asked for, or null. */
  proof: KeyWish | null;
  errors: Readonly<Record<string, string>>;
  /** What was just done, to the key `doneKey`. */
  done:
    | "added"
    | "tested"
    | "allowed"
    | "forbidden"
    | "revoked"
    | "rotated"
    | null;
  doneKey: string | null;
}

/** The keys of a person, and the forms around them. */
export function KeysView(
  { passkeyButton, ...props }: KeysViewProps & {
    /** Makes the button of a form that a passkey can prove. */
    passkeyButton: PasskeyButton;
  },
) {
  const { keys, role, errors, isAdding, factor } = props;
  const proof = wishOf(props);
  const asked = keys.find(({ id }) => id === proof?.key);
  const rotating = hasSecondFactor(factor)
    ? keys.find(({ id }) => id === props.rotating)
    : undefined;
  const isAsking = asked !== undefined || rotating !== undefined;
  return (
    <>
      <Done {...props} />
      {!isAdding && !isAsking && <FormError message={errors[""]} />}
      {!props.isLiveArmed && (
        <Banner tone="info" testId="paper-server">
          This server trades on paper only; keys can be kept and tested. To
          trade live, start it with <code>TRADING_MODE=live</code>.
        </Banner>
      )}
      {asked !== undefined && proof !== null && (
        <KeyProof
          wish={proof}
          label={asked.label}
          factor={factor}
          errors={errors}
          passkeyButton={passkeyButton}
        />
      )}
      {rotating !== undefined && (
        <RotateKey
          view={rotating}
          factor={factor}
          errors={errors}
          passkeyButton={passkeyButton}
        />
      )}
      {keys.length === 0 && (
        <EmptyState title="You have no exchange key yet.">
          <p>
            Make one at your exchange with the rights to read and to trade, and
            without the right to withdraw or transfer.
          </p>
        </EmptyState>
      )}
      {keys.map((view) => <KeyCard key={view.id} view={view} role={role} />)}
      {!isAsking && (
        <AddKey
          factor={factor}
          kept={props.kept}
          errors={isAdding ? errors : {}}
          isOpen={isAdding}
          passkeyButton={passkeyButton}
        />
      )}
      {props.others.length > 0 && <OthersKeys keys={props.others} />}
    </>
  );
}

/** What a proof is asked for by a form of its own. */
function wishOf(
  { proof }: KeysViewProps,
): { action: "allow" | "forbid"; key: string } | null {
  return proof?.action === "allow" || proof?.action === "forbid"
    ? { action: proof.action, key: proof.key }
    : null;
}

function Done({ done, doneKey, keys }: KeysViewProps) {
  if (done === null) return null;
  const key = keys.find(({ id }) => id === doneKey);
  const name = key?.label ?? "The key";
  const sentences: Readonly<Record<typeof done, string>> = {
    added: `${name} is stored. ${key?.statusDetail ?? ""}`,
    tested: `${name} was tested. ${key?.statusDetail ?? ""}`,
    allowed: `${name} is allowed for live trading`,
    forbidden:
      `${name} is not allowed for live trading any more; its agents enter nothing`,
    rotated:
      `The secrets of ${name} are replaced; delete the old key at the exchange. ${
        key?.statusDetail ?? ""
      }`,
    revoked: "The key is forgotten here; delete it at the exchange, too",
  };
  const isGood = done === "allowed" || done === "forbidden" ||
    done === "revoked" || key?.status === "verified";
  return (
    <Banner tone={isGood ? "ok" : "warn"} testId="keys-done">
      {sentences[done]}
    </Banner>
  );
}
