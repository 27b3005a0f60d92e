import { useSignal } from "@preact/signals";
import { explain } from "../lib/ui/client/api_client.ts";
import {
  applyPreferences,
  savePreferences,
} from "../lib/ui/client/preferences.ts";
import { Banner } from "../lib/ui/Feedback.tsx";
import { readPreferenceForm } from "../lib/ui/settings/preference_words.ts";
import {
  PreferencesForm,
  type PreferencesFormProps,
} from "../lib/ui/settings/PreferencesForm.tsx";

/** Preferences that hold at once and are kept beside it. */
export default function PreferencesDesk(props: PreferencesFormProps) {
  const preferences = useSignal(props.preferences);
  const standing = useSignal<{ ok: boolean; text: string } | null>(null);
  const change = async (form: HTMLFormElement) => {
    const fields = new FormData(form);
    const chosen = readPreferenceForm((name) => String(fields.get(name) ?? ""));
    if (chosen === null) return;
    applyPreferences(chosen);
    preferences.value = chosen;
    try {
      await savePreferences(chosen);
      standing.value = { ok: true, text: "Saved" };
    } catch (error) {
      standing.value = {
        ok: false,
        text: `This page shows it, and it is not kept. ${explain(error)}`,
      };
    }
  };
  return (
    <>
      <PreferencesForm
        preferences={preferences.value}
        now={props.now}
        onChange={(form) => void change(form)}
      />
      <p class="sr-only" role="status" data-testid="preferences-standing">
        {standing.value?.ok === true ? standing.value.text : ""}
      </p>
      {standing.value?.ok === false && (
        <Banner tone="danger">{standing.value.text}</Banner>
      )}
    </>
  );
}
