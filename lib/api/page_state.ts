import type { Alerts } from "../alerts/port.ts";
import type { Identity } from "../auth/port.ts";
import type { Backtests } from "../backtest/port.ts";
import type { Bundles } from "../bundles/port.ts";
import type { AuthService } from "../auth/port.ts";
import type { EmergencyResponse } from "../contracts/emergency.ts";
import type { Action } from "../contracts/policy.ts";
import type { ReleaseWish } from "./emergency_release.ts";
import type { SessionResponse, User } from "../contracts/auth.ts";
import type { DeadLetter } from "../contracts/dead_letter.ts";
import type { DeskRecord } from "../contracts/desk_record.ts";
import type { LiveSettings } from "../contracts/live_settings.ts";
import type { LogEntry, LogQuery } from "../contracts/log.ts";
import type { Fleet, Page } from "../fleet/port.ts";
import type { AuditTrail } from "./context.ts";
import type { Preferences } from "../contracts/preference_values.ts";
import type { QuotaUse } from "../contracts/quota.ts";
import type { SystemView } from "../contracts/system.ts";
import type { PreferencesStore } from "../store/port.ts";
import type { ExchangeKeys } from "../vault/port.ts";

/** What the form of a page wants to do. */
export interface PageAsk {
  identity: Identity;
  action: Action;
  /** Path of the page. */
  path: string;
  /** Id of the request, for the record. */
  requestId: string;
  /** The exchange key that it is done to, by its id; left out for anything else. */
  exchangeKeyId?: string;
  /** The channel or rule of alerts that it is done to; left out for anything else. */
  alertThing?: { thing: "channel" | "rule"; id: string };
  /** The agent that it is done to; left out for anything else. */
  agentId?: string;
  /** The backtest that it is done to; left out for anything else. */
  backtestId?: string;
  /** The form carries the proof of who asks itself. */
  provesItself?: boolean;
}

/** Services that pages and the API use; made once by main.ts. */
export interface Services {
  fleet: Fleet;
  backtests: Backtests;
  bundles: Bundles;
  auth: AuthService;
  exchangeKeys: ExchangeKeys;
  alerts: Alerts;
  auditTrail: AuditTrail;
  /** How pages keep their live connection. */
  liveSettings: LiveSettings;
  /** This process may send orders of real money (TRADING_MODE=live). */
  isLiveArmed: boolean;
  /**
   * Asks the policy table for a form as for a request; a refusal is on record.
   *
   * @throws {AppError} ROLE_MISSING, NOT_OWNER, FRESH_PROOF_NEEDED, or what hides the thing.
   */
  authorize(ask: PageAsk): Promise<void>;
  /** Releases an emergency stop, if this person may. */
  releaseStop(wish: ReleaseWish): Promise<EmergencyResponse>;
  /** Stored log lines. */
  logs(query: LogQuery): Promise<Page<LogEntry>>;
  /** What an agent asked of its desk and was answered, newest first. */
  deskRecords(
    page: { agentId: string; limit: number; cursor: string | null },
  ): Promise<Page<DeskRecord>>;
  /** Messages that reached nobody, newest first. */
  deadLetters(
    page: { limit: number; cursor: string | null },
  ): Promise<Page<DeadLetter>>;
  /** How people want the panel. */
  preferences: PreferencesStore;
  /** How the process runs. */
  system(): Promise<SystemView>;
  /** How much of what is limited somebody has, and the server. */
  quotas(userId: string): Promise<readonly QuotaUse[]>;
  /** Sequence of the newest stored event: a page rendered now goes on from it. */
  headSeq(): number;
  /** Who is behind a browser's request, by its session cookie. */
  identify(request: Request): Promise<Identity | null>;
  /** `Set-Cookie` values that keep and end a login in a browser. */
  sessionCookie(request: Request, session: SessionResponse): string;
  clearedSessionCookie(request: Request): string;
  /** What every request passes before it reaches pages or API. */
  enter: (
    request: Request,
    options: {
      /** Address at the other end of the connection. */
      peer: string;
      next: (request: Request) => Promise<Response>;
    },
  ) => Promise<Response>;
  /**
   * Lets a form of a page in, as the API's gate does with its requests. One of
   * another site is on record.
   *
   * @throws {AppError} ORIGIN_FOREIGN, RATE_LIMITED or DRAINING.
   */
  admitForm(request: Request, identity: Identity | null): Promise<void>;
  /** Puts a form on record that does not carry the token of its login. */
  recordStaleForm(request: Request, identity: Identity): Promise<void>;
  /** Puts a page that broke into the log; answers with the number of its request there. */
  recordBrokenPage(request: Request, error: unknown): string;
  /** The token that the forms of a login's pages carry; null without a login. */
  formToken(request: Request): string | null;
  /** The same of a login that has just begun. */
  newFormToken(session: SessionResponse): string;
  /** Whether a form carries it. */
  isFormToken(request: Request, given: string): boolean;
  /** Id of a request, by which answer, log and audit trail name it. */
  requestIdOf(request: Request): string;
  /** Address of the client behind a request. */
  addressOf(request: Request): string;
  /** The HTTP API, mounted under /api. */
  api: (
    request: Request,
    info: { remoteAddress: string },
  ) => Response | Promise<Response>;
}

/** What every request carries through middlewares and pages (`ctx.state`). */
export interface PageState {
  services: Services;
  /** Null on the setup and login pages. */
  identity: Identity | null;
  user: User | null;
  /** The hidden field that the renderer puts into every posting form. */
  formField?: { name: string; value: string };
  /** `Set-Cookie` of the login, which the form that was sent has renewed. */
  renewedCookie?: string;
  /** The form that was sent is older than the login; only pages that show it again see this. */
  isFormStale?: true;
  /** Of a page that broke: under which number the log has it. */
  requestId?: string;
  /** How who asks wants the panel; the presets, with the theme of the cookie, before a login. */
  preferences: Preferences;
  /** The time zone that times are written in. */
  zone: string;
}
