import { useEffect } from "preact/hooks";
import type { ExchangeKeyView } from "../../contracts/exchange_key.ts";
import { Button } from "../Button.tsx";
import { Glyph } from "../Glyph.tsx";
import type { FormBinding } from "./inputs.tsx";
import type { LiveChoice } from "./live_choice.ts";
import { keyRefusal } from "./live_rules.ts";

const POINTER = "/exchangeKeyId";

/** Which exchange key a live agent trades with. Those that do not fit are shown with their reason. */
export function KeyChoice(
  { form, live }: { form: FormBinding; live: LiveChoice },
) {
  useEffect(() => void live.load(), []);
  const keys = live.keys.value;
  const error = form.errors[POINTER];
  const exchange = String(form.values["/feed/exchange"] ?? "");
  return (
    <fieldset
      class="choices"
      id="exchangeKeyId"
      tabIndex={-1}
      data-testid="key-choice"
      {...(error === undefined
        ? {}
        : { "aria-describedby": "exchangeKeyId-error" })}
    >
      <legend>Exchange key</legend>
      {error !== undefined && (
        <p
          class="field-error"
          id="exchangeKeyId-error"
          data-testid="error-exchangeKeyId"
        >
          <Glyph name="cross" /> {error}
        </p>
      )}
      {keys === null && live.failure.value === null && (
        <p class="muted small">Loading your keys…</p>
      )}
      {live.failure.value !== null && (
        <p class="field-warning">
          <Glyph name="warn" /> Your keys could not be read:{" "}
          {live.failure.value}
        </p>
      )}
      {keys?.length === 0 && <p class="small">You have no exchange key yet.</p>}
      {keys?.map((key) => (
        <KeyOption
          key={key.id}
          view={key}
          refusal={keyRefusal(key, exchange)}
          form={form}
        />
      ))}
      <p class="key-choice-more">
        <a href="/settings/keys" target="_blank" rel="noopener">
          Add or allow a key (new tab)
        </a>
        <Button small onClick={() => void live.load()}>Look again</Button>
      </p>
    </fieldset>
  );
}

function KeyOption(
  { view, refusal, form }: {
    view: ExchangeKeyView;
    refusal: string | null;
    form: FormBinding;
  },
) {
  const { id, label, exchange, apiKeyEnd } = view;
  return (
    <label class={refusal === null ? "choice" : "choice choice-off"}>
      <input
        type="radio"
        name="exchangeKeyId"
        value={id}
        checked={form.values[POINTER] === id}
        disabled={refusal !== null}
        data-testid={`field-key-${label}`}
        onChange={() =>
          form.dispatch({ type: "edit", pointer: POINTER, value: id })}
      />
      <span>
        <strong>{label}</strong>{" "}
        <span class="muted">{exchange} …{apiKeyEnd}</span>
        {refusal === null
          ? (
            <span class="choice-text">
              Verified and allowed for live trading
            </span>
          )
          : (
            <span class="choice-reason">
              <Glyph name="cross" /> {refusal}
            </span>
          )}
      </span>
    </label>
  );
}
