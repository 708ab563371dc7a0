import { cloudtrailLogsViewSql } from "@fourwire/core";
import { Store, type StoreOptions } from "@fourwire/store";

type OpenOptions = Pick<StoreOptions, "path" | "command" | "memoryLimit" | "now">;

/** Opens a store with every view of the product. */
export function openStore(options: OpenOptions): Promise<Store> {
  return Store.open(storeOptions(options));
}

/** The options of a store with every view of the product. */
export function storeOptions(options: OpenOptions): StoreOptions {
  return {
    ...options,
    extraViews: [`create or replace view main.cloudtrail_logs as ${cloudtrailLogsViewSql("main.cloudtrail")}`],
  };
}
