import { AppError } from "../../../lib/core/errors.ts";
import type { AgentDetail } from "../../../lib/contracts/agent.ts";
import type { FakeFleet } from "./fake_fleet.ts";
import { TEMPLATE } from "./samples.ts";

/** Templates of a fake fleet: what is asked of them is noted. */
export function fakeTemplates(
  fleet: () => FakeFleet,
  find: (id: string) => AgentDetail,
): Pick<
  FakeFleet,
  | "exportAgentTemplate"
  | "exportTemplate"
  | "importTemplate"
  | "keepTemplates"
  | "removeTemplate"
> {
  return {
    exportAgentTemplate: (id, name) =>
      JSON.stringify({ template: { name, title: find(id).name } }),
    exportTemplate: (name) => {
      if (name === TEMPLATE.name) return JSON.stringify({ template: TEMPLATE });
      throw new AppError(
        "TEMPLATE_NOT_FOUND",
        `There is no template "${name}"`,
      );
    },
    importTemplate: (request, caller) => {
      fleet().calls.push({
        method: "importTemplate",
        id: null,
        caller,
        request,
      });
      return Promise.resolve({ ...TEMPLATE, origin: "imported" });
    },
    keepTemplates: (parts, caller) => {
      fleet().calls.push({
        method: "keepTemplates",
        id: null,
        caller,
        request: parts,
      });
      return Promise.resolve(parts.map(({ template, bundle }) => ({
        ...template,
        origin: "imported" as const,
        bundle,
      })));
    },
    removeTemplate(id, caller) {
      fleet().calls.push({
        method: "removeTemplate",
        id,
        caller,
        request: null,
      });
      return fleet().templates().some(({ name }) => name === id)
        ? Promise.resolve()
        : Promise.reject(new AppError("TEMPLATE_NOT_FOUND", "There is none"));
    },
  };
}
