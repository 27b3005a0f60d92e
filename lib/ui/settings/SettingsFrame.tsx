import type { ComponentChildren } from "preact";

/** One's own account first, then what there is of the installation. */
export const SETTINGS_PAGES = [
  { href: "/settings/preferences", label: "Preferences" },
  { href: "/settings/password", label: "Password" },
  { href: "/settings/second-factor", label: "Second factor" },
  { href: "/settings/sessions", label: "Logins" },
  { href: "/settings/tokens", label: "API tokens" },
  { href: "/settings/keys", label: "Exchange keys" },
  { href: "/settings/alerts", label: "Alerts" },
  { href: "/settings/users", label: "People" },
  { href: "/settings/roles", label: "Roles" },
  { href: "/settings/system", label: "System" },
] as const;

/** Heading and list of the settings pages around one of them. */
export function SettingsFrame(
  { path, title, lead, children }: {
    path: (typeof SETTINGS_PAGES)[number]["href"];
    title: string;
    /** What the page is for. */
    lead: ComponentChildren;
    children: ComponentChildren;
  },
) {
  return (
    <div class="settings">
      <nav class="settings-nav" aria-label="Settings">
        {SETTINGS_PAGES.map(({ href, label }) => (
          <a
            key={href}
            href={href}
            class={href === path ? "nav-link nav-active" : "nav-link"}
            {...(href === path ? { "aria-current": "page" as const } : {})}
          >
            {label}
          </a>
        ))}
      </nav>
      <div class="settings-body">
        <header>
          <h1 class="page-title">{title}</h1>
          <p class="page-lead">{lead}</p>
        </header>
        {children}
      </div>
    </div>
  );
}
