import type { ComponentChildren } from "preact";
import type { User } from "../contracts/auth.ts";
import { isAllowed } from "../contracts/policy.ts";
import { Glyph } from "./Glyph.tsx";
import { NAV } from "./shell/nav.ts";
import { ROLE_WORDS } from "./words.ts";

/** The frame of every page behind the login: skip link, top bar, main. */
export function Shell(
  { user, path, isLiveArmed, tools, notice, children }: {
    user: Pick<User, "email" | "role">;
    path: string;
    /** This process may send orders of real money. */
    isLiveArmed: boolean;
    /** Connection chip and theme toggle. */
    tools: ComponentChildren;
    /** Above every page: what concerns the whole platform. */
    notice: ComponentChildren;
    children: ComponentChildren;
  },
) {
  return (
    <div class="shell" data-user={user.email}>
      <a class="skip" href="#main">Skip to content</a>
      <header class={isLiveArmed ? "bar bar-live" : "bar"}>
        <a class="brand" href="/" aria-label="SMC Fleet, home">
          <BrandMark />
          <span class="brand-name">SMC Fleet</span>
        </a>
        {isLiveArmed && (
          <span
            class="mode mode-live"
            title="This server may send orders of real money (TRADING_MODE=live)"
            data-testid="live-server"
          >
            LIVE
            <span class="sr-only">: this server may trade real money</span>
          </span>
        )}
        <nav class="nav" aria-label="Main">
          {NAV.filter(({ action }) =>
            action === undefined || isAllowed(user.role, action)
          ).map(({ href, label, owns }) => (
            <a
              key={href}
              href={href}
              class={owns(path) ? "nav-link nav-active" : "nav-link"}
            >
              {label}
            </a>
          ))}
        </nav>
        <div class="bar-tools">
          {tools}
          <UserMenu user={user} />
          <a
            class="btn btn-danger emergency"
            href="/emergency-stop"
            data-testid="emergency-stop"
          >
            <Glyph name="stop" />
            <span class="emergency-text">Emergency stop</span>
          </a>
        </div>
      </header>
      <main class="main" id="main" tabIndex={-1}>
        {notice}
        {children}
      </main>
    </div>
  );
}

/** The product's mark: two candles, one hollow and one filled. */
export function BrandMark() {
  return (
    <svg
      class="brand-mark"
      viewBox="0 0 20 20"
      width="20"
      height="20"
      aria-hidden="true"
    >
      <g fill="none" stroke="var(--up)" stroke-width="1.6">
        <path d="M6 2v4m0 8v4" />
        <rect x="3" y="6" width="6" height="8" rx="1" />
      </g>
      <path d="M14 2v4m0 7v5" stroke="var(--down)" stroke-width="1.6" />
      <rect x="11" y="5.5" width="6" height="8" rx="1" fill="var(--down)" />
    </svg>
  );
}

function UserMenu({ user }: { user: Pick<User, "email" | "role"> }) {
  return (
    <details class="menu">
      <summary class="btn btn-quiet" aria-label={`Account of ${user.email}`}>
        <span class="avatar" aria-hidden="true">
          {user.email.slice(0, 1).toUpperCase()}
        </span>
      </summary>
      <div class="menu-panel">
        <p class="menu-email">{user.email}</p>
        <p class="menu-role">{ROLE_WORDS[user.role]}</p>
        <a class="menu-link" href="/settings/preferences">Preferences</a>
        <a class="menu-link" href="/settings/sessions">Logins</a>
        <a class="menu-link" href="/settings/password">Password</a>
        <form method="post" action="/logout">
          <button type="submit" class="btn btn-default" data-testid="logout">
            <Glyph name="cross" /> Log out
          </button>
        </form>
      </div>
    </details>
  );
}
