import type { Services } from "../api/page_state.ts";

/** An API that knows how many commands it has not answered yet. */
export function countCommands(
  api: Services["api"],
): { api: Services["api"]; underWay: () => number } {
  let underWay = 0;
  return {
    underWay: () => underWay,
    api: async (request, info) => {
      if (request.method === "GET" || request.method === "HEAD") {
        return await api(request, info);
      }
      underWay++;
      try {
        return await api(request, info);
      } finally {
        underWay--;
      }
    },
  };
}
