import config from "../../deno.json" with { type: "json" };

/** Version of the product, as `deno.json` says it: the only place where it is written. */
export const PRODUCT_VERSION: string = config.version;
