import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { explain } from "../lib/ui/client/api_client.ts";
import {
  applyPreferences,
  savePreferences,
} from "../lib/ui/client/preferences.ts";
import { formatDateTime, zoneName } from "../lib/ui/format.ts";
import { readPreferenceForm } from "../lib/ui/settings/preference_words.ts";

/** Makes every change of the form around it hold at once, and shows what it comes to. */
export default function PreferencesLive(
  { now }: {
    /** When the page was made, to show a time as it will be written. */
    now: number;
  },
) {
  const place = useRef<HTMLDivElement>(null);
  const standing = useSignal<{ ok: boolean; text: string } | null>(null);
  useEffect(() => {
    const form = place.current?.closest("form");
    if (!form) return;
    const change = async () => {
      const fields = new FormData(form);
      const chosen = readPreferenceForm((name) =>
        String(fields.get(name) ?? "")
      );
      if (chosen === null) return;
      applyPreferences(chosen);
      // Painted anew, with the time in its zone.
      standing.value = { ok: true, text: "" };
      try {
        await savePreferences(chosen);
        standing.value = { ok: true, text: "Saved" };
      } catch (error) {
        const why = explain(error);
        standing.value = {
          ok: false,
          text: `This page shows it, and it is not kept. ${why}`,
        };
      }
    };
    const onChange = () => void change();
    const onSubmit = (event: Event) => {
      event.preventDefault();
      onChange();
    };
    form.addEventListener("change", onChange);
    form.addEventListener("submit", onSubmit);
    return () => {
      form.removeEventListener("change", onChange);
      form.removeEventListener("submit", onSubmit);
    };
  }, []);
  return (
    <div class="preferences-sample" ref={place}>
      <p data-testid="preferences-sample">
        <span class="sample-up">▲ +412.08</span>
        <span class="sample-down">▼ −88.40</span>
        <time class="muted">{formatDateTime(now)} {zoneName()}</time>
      </p>
      <p
        class={standing.value?.ok === false ? "tone-danger" : "muted"}
        role="status"
        data-testid="preferences-standing"
      >
        {standing.value?.text}
      </p>
    </div>
  );
}
