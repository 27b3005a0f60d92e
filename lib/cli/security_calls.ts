import type { AlertChannelView } from "../contracts/alerts/channel.ts";
import type { AlertDeliveryView } from "../contracts/alerts/delivery.ts";
import type { AuditCheck, AuditRecord } from "../contracts/audit_trail.ts";
import type { MeResponse } from "../contracts/auth.ts";
import type { ExchangeKeyView } from "../contracts/exchange_key.ts";
import type { HealthReport } from "../contracts/health.ts";
import type {
  EnrolmentResponse,
  RecoveryCodesResponse,
  SecondFactorView,
  StepUpRequest,
} from "../contracts/second_factor.ts";
import type { Line } from "./api_sender.ts";

/** Calls about who one is, exchange keys, alerts, the second factor and the audit trail. */
export interface SecurityCalls {
  me(): Promise<MeResponse>;
  /** How the platform does; its parts where the login may see them. */
  health(): Promise<HealthReport>;
  audit(
    query: string,
  ): Promise<{ items: readonly AuditRecord[]; nextCursor: string | null }>;
  auditCheck(): Promise<AuditCheck>;
  /** The whole trail as lines. */
  auditExport(): Promise<Response>;
  exchangeKeys(): Promise<readonly ExchangeKeyView[]>;
  addExchangeKey(request: unknown): Promise<ExchangeKeyView>;
  testExchangeKey(id: string): Promise<ExchangeKeyView>;
  rotateExchangeKey(id: string, parts: unknown): Promise<ExchangeKeyView>;
  allowExchangeKey(id: string, allowed: boolean): Promise<ExchangeKeyView>;
  revokeExchangeKey(id: string): Promise<void>;
  alertChannels(): Promise<readonly AlertChannelView[]>;
  testAlertChannel(id: string): Promise<AlertDeliveryView>;
  secondFactor(): Promise<SecondFactorView>;
  enrolFactor(password: string): Promise<EnrolmentResponse>;
  confirmFactor(code: string): Promise<RecoveryCodesResponse>;
  removeFactor(code: string): Promise<void>;
  stepUp(proof: StepUpRequest): Promise<SecondFactorView>;
}

/** Makes the calls over a client's requests. */
export function securityCalls(
  { read, send }: Pick<Line, "read" | "send">,
): SecurityCalls {
  const keyPath = (id: string) => `/exchange-keys/${encodeURIComponent(id)}`;
  const factor = "/account/second-factor";
  return {
    // Down is an answer, too.
    health: () => read("GET", "/health", { accepts: [503] }),
    audit: (query) => read("GET", `/audit?${query}`),
    auditCheck: () => read("GET", "/audit/check"),
    auditExport: () => send("GET", "/audit/export"),
    me: () => read("GET", "/auth/me"),
    exchangeKeys: async () =>
      (await read<{ items: readonly ExchangeKeyView[] }>(
        "GET",
        "/exchange-keys",
      )).items,
    addExchangeKey: (body) => read("POST", "/exchange-keys", { body }),
    testExchangeKey: (id) => read("POST", `${keyPath(id)}/test`),
    rotateExchangeKey: (id, body) =>
      read("POST", `${keyPath(id)}/rotate`, { body }),
    allowExchangeKey: (id, allowed) =>
      read("PUT", `${keyPath(id)}/live`, { body: { allowed } }),
    revokeExchangeKey: async (id) => void await send("DELETE", keyPath(id)),
    alertChannels: async () =>
      (await read<{ items: readonly AlertChannelView[] }>(
        "GET",
        "/alerts/channels",
      )).items,
    testAlertChannel: (id) =>
      read("POST", `/alerts/channels/${encodeURIComponent(id)}/test`),
    secondFactor: () => read("GET", factor),
    enrolFactor: (password) => read("POST", factor, { body: { password } }),
    confirmFactor: (code) =>
      read("POST", `${factor}/confirm`, { body: { code } }),
    removeFactor: async (code) =>
      void await send("POST", `${factor}/remove`, { body: { code } }),
    stepUp: (body) => read("POST", "/account/step-up", { body }),
  };
}
