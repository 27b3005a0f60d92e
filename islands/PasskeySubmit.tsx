import { useRef } from "preact/hooks";
import { Button } from "../lib/ui/Button.tsx";
import { FormError } from "../lib/ui/FormError.tsx";
import { usePasskeyProof } from "../lib/ui/settings/use_passkey.ts";

/**
 * Proves by a passkey who asks, and sends the form around it: in a form of the
 * server, beside a code or in its place. Without script the button is there
 * only where nothing else would do, and says what it needs.
 */
export default function PasskeySubmit(
  { label, isOnly }: {
    /** What the button says. */
    label: string;
    /** There is no code to type instead. */
    isOnly: boolean;
  },
) {
  const place = useRef<HTMLDivElement>(null);
  const { refusal, error, busy, prove } = usePasskeyProof();
  const send = async () => {
    if (await prove() === null) return;
    place.current?.closest("form")?.requestSubmit();
  };
  return (
    <div class="passkey-submit" ref={place}>
      <FormError message={error ?? undefined} />
      {(isOnly || refusal === null) && (
        <Button
          kind={isOnly ? "primary" : "default"}
          busy={busy}
          disabledReason={refusal}
          data-testid="passkey-submit"
          onClick={() => void send()}
        >
          {label}
        </Button>
      )}
      {isOnly && refusal !== null && <p class="muted">{refusal}.</p>}
    </div>
  );
}
