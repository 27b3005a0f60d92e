import { page } from "fresh";
import { Head } from "fresh/runtime";
import PreferencesLive from "../../islands/PreferencesLive.tsx";
import type { Preferences } from "../../lib/contracts/preference_values.ts";
import { Banner } from "../../lib/ui/Feedback.tsx";
import { readPreferenceForm } from "../../lib/ui/settings/preference_words.ts";
import { PreferencesForm } from "../../lib/ui/settings/PreferencesForm.tsx";
import { SettingsFrame } from "../../lib/ui/settings/SettingsFrame.tsx";
import { define } from "../(_shared)/define.ts";
import {
  mayPage,
  orErrorPage,
  readForm,
  requireUser,
} from "../(_shared)/guard.ts";

const PATH = "/settings/preferences";
const NO_STORE = { "Cache-Control": "no-store" };

interface PreferencesData {
  preferences: Preferences;
  /** When the page was made. */
  now: number;
  /** What became of the form that was sent. */
  outcome: "saved" | "refused" | null;
}

export const handler = define.handlers({
  async GET(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    return page<PreferencesData>({
      preferences: ctx.state.preferences,
      now: Date.now(),
      outcome: ctx.url.searchParams.has("saved") ? "saved" : null,
    }, { headers: NO_STORE });
  },
  async POST(ctx) {
    const login = await requireUser(ctx);
    if ("redirect" in login) return login.redirect;
    await mayPage(ctx, "account.preferences");
    const chosen = readPreferenceForm(await readForm(ctx.req));
    if (chosen === null) {
      return page<PreferencesData>({
        preferences: ctx.state.preferences,
        now: Date.now(),
        outcome: "refused",
      }, { status: 422, headers: NO_STORE });
    }
    await orErrorPage(() =>
      ctx.state.services.preferences.put(login.user.id, chosen)
    );
    return ctx.redirect(`${PATH}?saved`, 303);
  },
});

/** How somebody wants the panel. A plain form; with script every change holds at once. */
export default define.page<typeof handler>(function PreferencesPage({ data }) {
  const { outcome, preferences, now } = data;
  return (
    <SettingsFrame
      path={PATH}
      title="Preferences"
      lead="How the panel looks and behaves for you, in every browser that you log in with."
    >
      <Head>
        <title>Preferences · SMC Fleet</title>
      </Head>
      {outcome === "saved" && (
        <Banner tone="ok" testId="preferences-saved">
          Your preferences are saved.
        </Banner>
      )}
      {outcome === "refused" && (
        <Banner tone="danger">
          Nothing was saved: the form had a choice that there is not. Choose
          again.
        </Banner>
      )}
      <PreferencesForm
        preferences={preferences}
        live={<PreferencesLive now={now} />}
      />
    </SettingsFrame>
  );
});
