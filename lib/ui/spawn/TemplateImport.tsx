import { useSignal } from "@preact/signals";
import type { AgentTemplate } from "../../contracts/template.ts";
import { explain } from "../client/api_client.ts";
import { api } from "../client/live.ts";
import { Banner } from "../Feedback.tsx";

/** Largest template file that is read; the server takes no more either. */
const MAX_FILE_BYTES = 64 * 1024;

/** Takes a template file that somebody has exported. */
export function TemplateImport(
  { refusal, onImported }: {
    /** Why the user may not import, or null. */
    refusal: string | null;
    onImported: (template: AgentTemplate) => void;
  },
) {
  const outcome = useSignal<{ ok: boolean; text: string } | null>(null);
  const take = async (input: HTMLInputElement) => {
    const file = input.files?.[0];
    if (file === undefined) return;
    try {
      const template = await api.importTemplate(await readFile(file));
      onImported(template);
      outcome.value = { ok: true, text: `Imported "${template.title}"` };
    } catch (error) {
      outcome.value = { ok: false, text: explain(error) };
    }
    // The same file can be chosen again once it was mended.
    input.value = "";
  };
  return (
    <div class="template-import">
      <label for="template-file">Import a template file</label>
      <input
        id="template-file"
        type="file"
        accept=".json,application/json"
        disabled={refusal !== null}
        aria-describedby={refusal === null ? undefined : "template-file-off"}
        data-testid="template-import"
        onChange={(event) => void take(event.currentTarget)}
      />
      {refusal !== null && <p id="template-file-off">{refusal}</p>}
      {outcome.value !== null && (
        <Banner tone={outcome.value.ok ? "info" : "danger"}>
          {outcome.value.text}
        </Banner>
      )}
    </div>
  );
}

async function readFile(file: File): Promise<unknown> {
  if (file.size > MAX_FILE_BYTES) {
    throw new RangeError(
      `${file.name} is larger than 64 KiB; choose a template file`,
    );
  }
  try {
    return JSON.parse(await file.text());
  } catch {
    throw new SyntaxError(`${file.name} is not JSON; choose a template file`);
  }
}
