import { BUNDLE_BYTES_MAX } from "../../contracts/bundle.ts";
import type { AgentTemplate } from "../../contracts/template.ts";
import { Button } from "../Button.tsx";
import { Card } from "../Card.tsx";
import { FormError } from "../FormError.tsx";
import { Field } from "../Field.tsx";

/** Reads a file; nothing is taken in by that. */
export function ImportForm(
  { templates, against, error }: {
    templates: readonly AgentTemplate[];
    against: string;
    error: string | null;
  },
) {
  return (
    <Card title="Take in" id="take-in">
      <p class="library-lead">
        First the signature is checked and you see what is in it. Only then you
        decide whether to keep it, as a template of your own, on paper.
      </p>
      {error !== null && <FormError message={error} />}
      <form
        method="post"
        enctype="multipart/form-data"
        class="library-form"
        data-testid="bundle-read"
      >
        <Field
          name="file"
          label="File"
          help={`At most ${BUNDLE_BYTES_MAX / 1_024} KiB`}
        >
          <input type="file" name="file" accept=".json,application/json" />
        </Field>
        <Field name="text" label="or its text">
          <textarea
            class="input library-text"
            name="text"
            rows={4}
            spellcheck={false}
          />
        </Field>
        <Field name="against" label="Compare with">
          <select class="select" name="against">
            <option value="">Nothing</option>
            {templates.map(({ name, title }) => (
              <option key={name} value={name} selected={name === against}>
                {title}
              </option>
            ))}
          </select>
        </Field>
        <Button type="submit" kind="primary" name="action" value="read">
          Check and show
        </Button>
      </form>
    </Card>
  );
}
