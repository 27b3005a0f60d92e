/** A value as a person reads it in a table. */
export function valueText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return value === "" ? "(empty)" : value;
    case "boolean":
      return value ? "yes" : "no";
    case "number":
      return String(value);
    default:
      if (value === null || value === undefined) return "none";
      if (
        Array.isArray(value) && value.every((one) => typeof one === "string")
      ) {
        return value.length === 0 ? "none" : value.join(", ");
      }
      return JSON.stringify(value);
  }
}
