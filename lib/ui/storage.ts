/** A check of the platform's health, as `GET /api/health/ready` tells it. */
export interface HealthCheck {
  name: string;
  ok: boolean;
  detail: string;
}

/** Why nothing can be stored, or null while everything can. */
export function storageProblem(checks: readonly HealthCheck[]): string | null {
  return checks.find(({ name, ok }) => name === "storage" && !ok)?.detail ??
    null;
}
