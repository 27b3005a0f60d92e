import type { ComponentChildren } from "preact";
import {
  CHANNEL_KIND_WORDS,
  type ChannelKind,
} from "../../../contracts/alerts/channel.ts";
import type { AlertSetup } from "../../../contracts/alerts/delivery.ts";
import { Button } from "../../Button.tsx";
import { Field } from "../../Field.tsx";
import { FormError } from "../../FormError.tsx";

type Errors = Readonly<Record<string, string>>;

/** One form for each kind of channel. */
export function AddChannel(
  { setup, kept, errorsOf }: {
    setup: AlertSetup;
    kept: Readonly<Record<string, string>>;
    errorsOf: (kind: ChannelKind) => Errors;
  },
) {
  return (
    <>
      <ChannelForm
        kind="webhook"
        errors={errorsOf("webhook")}
        kept={kept}
        off={setup.hosts.length === 0
          ? "Whoever runs this server lists the hosts in ALERT_HOSTS first"
          : null}
      >
        <Field
          name="webhook-url"
          label="Address"
          help={setup.hosts.length === 0
            ? "It begins with https://"
            : `This server may send to ${setup.hosts.join(", ")}`}
          error={errorsOf("webhook")["url"] ?? null}
        >
          <input
            class="input input-mono"
            name="url"
            type="url"
            autocomplete="off"
            spellcheck={false}
            required
            data-testid="field-url"
          />
        </Field>
      </ChannelForm>
      <ChannelForm
        kind="telegram"
        errors={errorsOf("telegram")}
        kept={kept}
        off={setup.hasTelegram
          ? null
          : "Whoever runs this server adds api.telegram.org to ALERT_HOSTS first"}
      >
        <Field
          name="telegram-token"
          label="Token of your bot"
          help="BotFather gives it; it is sealed and never shown again"
          error={errorsOf("telegram")["token"] ?? null}
        >
          <input
            class="input input-mono"
            name="token"
            type="password"
            autocomplete="off"
            required
          />
        </Field>
        <Field
          name="telegram-chat"
          label="Chat"
          help="The number of the chat, or @name of a channel; write to your bot once before"
          error={errorsOf("telegram")["chatId"] ?? null}
        >
          <input
            class="input input-mono"
            name="chatId"
            value={kept["chatId"] ?? ""}
            autocomplete="off"
            required
          />
        </Field>
      </ChannelForm>
      <ChannelForm
        kind="email"
        errors={errorsOf("email")}
        kept={kept}
        off={setup.mailFrom === null
          ? "Whoever runs this server sets SMTP_URL and ALERT_MAIL_FROM first"
          : null}
      >
        <Field
          name="email-to"
          label="E-mail address"
          help={setup.mailFrom === null
            ? "One address"
            : `Letters come from ${setup.mailFrom}`}
          error={errorsOf("email")["to"] ?? null}
        >
          <input
            class="input"
            name="to"
            type="email"
            value={kept["to"] ?? ""}
            autocomplete="email"
            required
          />
        </Field>
      </ChannelForm>
    </>
  );
}

function ChannelForm(
  { kind, errors, kept, off, children }: {
    kind: ChannelKind;
    errors: Errors;
    kept: Readonly<Record<string, string>>;
    /** Why this kind cannot be used on this server, or null. */
    off: string | null;
    children: ComponentChildren;
  },
) {
  const word = CHANNEL_KIND_WORDS[kind];
  const isOpen = Object.keys(errors).length > 0;
  return (
    <details class="card disclosure alert-add" open={isOpen}>
      <summary data-testid={`add-${kind}`}>Add: {word}</summary>
      <form
        class="settings-form"
        method="post"
        action="/settings/alerts"
        noValidate
        data-testid={`form-${kind}`}
      >
        <input type="hidden" name="kind" value={kind} />
        <FormError message={errors[""] ?? errors["kind"]} />
        <Field
          name={`${kind}-name`}
          label="Name"
          help="How you tell your channels apart"
          error={errors["name"] ?? null}
        >
          <input
            class="input"
            name="name"
            value={isOpen ? kept["name"] ?? "" : ""}
            maxLength={40}
            autocomplete="off"
            required
            data-testid={`name-${kind}`}
          />
        </Field>
        {children}
        <Button
          type={off === null ? "submit" : "button"}
          kind="primary"
          name="action"
          value="add-channel"
          disabledReason={off}
          data-testid={`submit-${kind}`}
        >
          Add the channel
        </Button>
        {off !== null && <p class="field-help" aria-hidden="true">{off}</p>}
      </form>
    </details>
  );
}
